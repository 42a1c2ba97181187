import { basename } from 'node:path/posix';
import type { Touch } from '../model/action.ts';
import type { EventProcess } from '../model/event.ts';
import { resolvePath } from '../model/path.ts';
import { pathClass } from '../model/path-class.ts';

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish']);

export const isShell = (name: string): boolean => SHELLS.has(name);

/** Classes of executables that were made here, not installed. */
const MADE_HERE = new Set(['workspace', 'temp', 'home']);
/** Where tools are installed for one user: dot directories, and directories of programs. */
const INSTALLED_AT_HOME = /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)\/(\.[^/]+\/|([^/]+\/)*s?bin\/)/;

/** A detour through /proc, by which a path slips through lists of what may run. */
const DETOUR = /^\/proc\/[^/]+\/(root|cwd)\//;

/** An executed script: the kernel runs its interpreter with the script's path behind the script's name. */
const scriptOf = ({ cmdline, cwd }: EventProcess, name: string): string | undefined => {
  const script = cmdline
    ?.split(' ', 4)
    .find((word, index) => index > 0 && word.includes('/') && basename(word) === name);
  return script === undefined ? undefined : resolvePath(script, cwd);
};

/** What an execution says about the program: only what no package of the system brought, or what hides its origin. */
export const executedBy = (process: EventProcess, name: string, workspace: string | undefined): readonly Touch[] => {
  const touches: Touch[] = [];
  const { exe, exepath } = process;
  const program = exepath ?? name;
  if (process.fromMemfd) touches.push({ path: program, class: 'memfd' });
  if (exe !== undefined && DETOUR.test(exe)) touches.push({ path: exe, class: 'disguised' });
  for (const path of [exepath, scriptOf(process, name)]) {
    if (!path?.startsWith('/')) continue;
    const kind = pathClass(path, workspace);
    if (kind !== 'system') touches.push({ path, class: kind });
    else if (process.upperLayer) touches.push({ path, class: 'upper-layer' });
  }
  return touches;
};

/** True when the program, or the script that it interprets, was made here. */
export const isMadeHere = (process: EventProcess, name: string, workspace: string | undefined): boolean =>
  [process.exepath, scriptOf(process, name)].some((path) => {
    if (!path?.startsWith('/')) return false;
    const kind = pathClass(path, workspace);
    return MADE_HERE.has(kind) && !(kind === 'home' && INSTALLED_AT_HOME.test(path));
  });
