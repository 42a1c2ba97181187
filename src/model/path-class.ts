import { PATH_TABLE } from './path-table.ts';

/** One pass that tells of most paths that none of the table's patterns fits. */
const ANY = new RegExp(PATH_TABLE.map(([, pattern]) => `(?:${pattern.source})`).join('|'));

const HOME = /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)(\/|$)/;
const CACHE =
  /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)\/(\.cache|\.npm|\.cargo|\.rustup|\.local\/share|\.pnpm-store|go\/pkg|Library\/Caches)(\/|$)/;
const TEMP = /^(\/tmp|\/var\/tmp|\/dev\/shm|\/private\/tmp|\/home\/[^/]+\/_work\/_temp)(\/|$)/;
const SYSTEM = /^\/(usr|lib\d*|bin|sbin|etc|opt|proc|sys|dev|var|run|snap|nix|boot)(\/|$)|^\/\.dockerenv$/;

/** The class of an absolute, normal path. `workspace` is the session's working directory, where it is known. */
export const pathClass = (path: string, workspace?: string): string => {
  if (ANY.test(path)) for (const [name, pattern] of PATH_TABLE) if (pattern.test(path)) return name;
  if (workspace !== undefined && workspace.length > 1 && isBelow(path, workspace)) return 'workspace';
  if (TEMP.test(path)) return 'temp';
  if (CACHE.test(path)) return 'cache';
  if (HOME.test(path)) return 'home';
  return SYSTEM.test(path) ? 'system' : 'other';
};

/** True where merely reading is remarkable. */
export const isSecret = (name: string): boolean => name.startsWith('secret:') || name.startsWith('process:');

const CONTROL = new Set(['agent-config', 'ci-config', 'autorun', 'git-config']);

/** True where writing changes what will run later, or what the agent may do. */
export const isControl = (name: string): boolean => name.startsWith('persistence:') || CONTROL.has(name);

export const isBelow = (path: string, directory: string): boolean =>
  path === directory || (path.startsWith(directory) && path[directory.length] === '/');
