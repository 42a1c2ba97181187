import { basename, dirname } from 'node:path/posix';
import type { ResolvedPath } from './effects.ts';

/** Paths of one base name that are remembered. */
const MAX_SAME = 8;

/** `board.js.tmp.4770.cc095f` is what becomes `board.js`. */
const TEMPORARY = /\.tmp\.[\w.]+$/;
/** Below a descriptor of a directory only the rest of the path is told. */
const HIDDEN = /^\/proc\/(?:self|\d+)\/fd\/\d+\/(.+)$/;

/** Where a session's files lie, to put back the directory that an agent's writes hide. Bounded: the longest unseen are forgotten. */
export class Names {
  readonly #capacity: number;
  /** Base name to paths, the latest last. */
  readonly #paths = new Map<string, readonly string[]>();
  readonly #directories = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The path that is meant; `?/name` where nothing tells its directory. */
  resolve(raw: string): ResolvedPath {
    const path = raw.replace(TEMPORARY, '');
    const hidden = HIDDEN.exec(path)?.[1];
    if (hidden === undefined) return { path, guessed: false };
    const known = (this.#paths.get(basename(hidden)) ?? []).filter((candidate) => candidate.endsWith(`/${hidden}`));
    const latest = known.at(-1);
    return latest === undefined ? { path: `?/${hidden}`, guessed: true } : { path: latest, guessed: known.length > 1 };
  }

  remember(path: string): void {
    if (!path.startsWith('/') || HIDDEN.test(path)) return;
    const name = basename(path);
    const known = this.#paths.get(name) ?? [];
    if (known.at(-1) === path) return;
    this.#paths.delete(name);
    this.#paths.set(name, [...known.filter((other) => other !== path), path].slice(-MAX_SAME));
    forgetOldest(this.#paths, this.#capacity);
  }

  addDirectory(path: string): void {
    for (let at = path.replace(/(?<=.)\/+$/, ''); at.length > 1 && !this.#directories.has(at); at = dirname(at)) {
      if (!at.startsWith('/')) return;
      this.#directories.add(at);
      forgetOldest(this.#directories, this.#capacity);
    }
  }

  /** Directories opened for reading look like files. */
  isDirectory(path: string): boolean {
    return path === '/' || path === '/tmp' || this.#directories.has(path);
  }

  addParent(path: string): void {
    if (path.startsWith('/')) this.addDirectory(dirname(path));
  }
}

const forgetOldest = (of: Map<string, unknown> | Set<string>, capacity: number): void => {
  if (of.size <= capacity) return;
  const [oldest] = of.keys();
  if (oldest !== undefined) of.delete(oldest);
};
