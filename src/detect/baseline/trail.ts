import type { AgentAction, Touch } from '../../model/action.ts';
import { isSecret } from '../../model/path-class.ts';
import { interprets } from './conduct.ts';

/** Paths remembered of one session, of each kind. */
const MAX_PATHS = 512;

/**
 * What a session has done so far that gives what comes next another meaning: which files came from the outside, and
 * which remarkable steps were taken, so that their order can be known or new.
 */
export class Trail {
  readonly #downloaded = new Set<string>();
  /** Files that the session made itself: reading them is no look at anybody's secrets. */
  readonly #written = new Set<string>();
  readonly #before = new Set<Before>();

  /** Takes the next action; returns the names of what it is in the light of the earlier ones. */
  add(action: AgentAction, conduct: readonly string[]): readonly string[] {
    const { effects, title } = action;
    const names = new Set<string>();
    const reached = effects.connections.some(({ network, modelApi }) => !modelApi && network === 'public');
    if (reached)
      for (const touch of effects.writes)
        if (isDownload(touch, action) && this.#downloaded.size < MAX_PATHS) this.#downloaded.add(touch.path);
    if (effects.executed.some(({ path }) => this.#downloaded.has(path))) names.add('executes a download');
    else if (effects.reads.some(({ path }) => this.#downloaded.has(path) && interprets(title, path)))
      names.add('executes a download');
    if (effects.madeExecutable.some(({ path }) => this.#downloaded.has(path))) names.add('makes a download executable');
    for (const name of this.#order(action, reached, conduct)) names.add(name);
    for (const { path } of effects.writes) if (this.#written.size < MAX_PATHS) this.#written.add(path);
    return [...names];
  }

  #order(action: AgentAction, reached: boolean, conduct: readonly string[]): readonly string[] {
    const { kind, effects } = action;
    const made = new Set(effects.writes.map(({ path }) => path));
    let looked = false;
    for (const { class: name, path } of effects.reads) {
      if (!isSecret(name) || made.has(path) || this.#written.has(path)) continue;
      looked = true;
      this.#before.add(name === 'secret:env-file' && !LOOKS.has(kind) ? 'settings' : 'secret');
    }
    if (conduct.includes('lists the environment')) this.#before.add('settings');
    const after: After[] = [];
    if (conduct.some(isOutward)) after.push('send');
    else if (reached && (looked || !isInstall(action))) after.push('reach');
    if (effects.writes.some(isTakeover)) after.push('control');
    const names = after.flatMap((step) => [...this.#before].map((before) => `order ${before} > ${step}`));
    if (reached) this.#before.add(conduct.some(isOutward) ? 'send' : 'reach');
    return names;
  }
}

/** Programs that write what they fetched, not what they built. */
const FETCHERS = new Set(['curl', 'wget', 'aria2c', 'scp', 'sftp', 'ftp', 'tftp', 'rsync', 'nc', 'ncat']);

/** Package managers fetch and build in one go, into places of their own: what they leave there is no download. */
const isDownload = ({ class: name }: Touch, { kind, effects }: AgentAction): boolean =>
  name === 'temp' || name === 'home' || name === 'other'
    ? kind !== 'install'
    : name === 'workspace' && effects.programs.some((program) => FETCHERS.has(program));

/** Packages are fetched whatever was read before; a downloader among them is something else. */
const isInstall = ({ kind, effects }: AgentAction): boolean =>
  kind === 'install' && !effects.programs.some((program) => FETCHERS.has(program));

/** What a session may have done that gives a later step its meaning. */
type Before = 'secret' | 'settings' | 'reach' | 'send';
/** Steps that mean something else after those. */
type After = 'reach' | 'send' | 'control';

const isOutward = (name: string): boolean => /^(sends|pushes|pushes elsewhere) public$/.test(name);

/** Control that is taken for good, or over what the agent may do; project settings are written in honest work too. */
const isTakeover = ({ class: name }: Touch): boolean => name.startsWith('persistence:') || name === 'agent-config';

/** A look at a settings file is a look at secrets; a program that loads its settings is not. */
const LOOKS = new Set(['file-read', 'search', 'network']);
