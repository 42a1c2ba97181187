/** A path that may mean another than it says: doubled slashes, dots, or a process's root directory in /proc. */
const SUSPECT = /\/\/|\/\.\.?(\/|$)|^\/proc\/[^/]+\/(task\/[^/]+\/)?root(\/|$)/;

/** The path without its detours: what it names as far as the text alone can tell, symbolic links aside. */
export const normalPath = (path: string): string => {
  if (!SUSPECT.test(path)) return path;
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
    // /proc/<pid>/root is the root again, and what follows starts from there.
    if (absolute && part === 'root' && isProcessRoot(parts)) parts.length = 0;
  }
  return `${absolute ? '/' : ''}${parts.join('/')}`;
};

const isProcessRoot = ({ length, 0: first, 2: third }: readonly string[]): boolean =>
  first === 'proc' && (length === 3 || (length === 5 && third === 'task'));

const WORKING_DIRECTORY = /^\/proc\/(self|thread-self)\/cwd(?=\/|$)/;

/** The absolute, normal path that a process meant; as it stands where its directory is not known. */
export const resolvePath = (path: string, cwd: string | undefined): string => {
  const local = WORKING_DIRECTORY.test(path) ? path.replace(WORKING_DIRECTORY, '.') : path;
  if (local.startsWith('/') || cwd === undefined) return normalPath(local);
  return normalPath(`${cwd}/${local}`);
};
