import { PATH_TABLE } from './path-table.ts';

/** One pass that tells of most paths that none of the table's patterns fits. */
const ANY = new RegExp(PATH_TABLE.map(([, pattern]) => `(?:${pattern.source})`).join('|'));

const HOME = /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)(\/|$)/;
/** What tools keep for themselves at home: packages, builds, state. */
const CACHE =
  /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)\/(\.cache|\.npm|\.cargo|\.rustup|\.local\/share|\.pnpm-store|go\/(pkg|bin)|Library\/Caches|\.gradle\/(caches|daemon|wrapper|native|workers|jdks|\.tmp)|\.m2\/(repository|wrapper)|\.nuget\/packages|\.dotnet|\.pub-cache|\.hex|\.mix|\.julia|\.stack|\.cabal|\.opam|\.ivy2|\.sbt|R\/[^/]+-library|\.kube\/cache|\.ansible\/(tmp|cp)|\.docker\/buildx|\.ssh\/known_hosts(\.old)?)(\/|$)/;
const TEMP = /^(\/tmp|\/var\/tmp|\/dev\/shm|\/private\/tmp|\/home\/[^/]+\/_work\/_temp)(\/|$)/;
const SYSTEM = /^\/(usr|lib\d*|bin|sbin|etc|opt|proc|sys|dev|var|run|snap|nix|boot)(\/|$)|^\/\.dockerenv$/;

/** The class of an absolute, normal path. `workspace` is the session's working directory, where it is known. */
export const pathClass = (path: string, workspace?: string): string => {
  const { special, place } = standingOf(path);
  if (special !== undefined) return special;
  return workspace !== undefined && workspace.length > 1 && isBelow(path, workspace) ? 'workspace' : place;
};

/** What a path is, whatever the workspace. */
interface Standing {
  /** Its class in the table, which goes before all else. */
  readonly special: string | undefined;
  /** Its class where it is not in the workspace. */
  readonly place: string;
}

/** Agents and their tools open the same files over and over: what was found out of the latest few thousand is kept. */
const known = new Map<string, Standing>();
const MAX_KNOWN = 4_096;
const MAX_KNOWN_LENGTH = 512;

const standingOf = (path: string): Standing => {
  const before = known.get(path);
  if (before) return before;
  const standing = { special: specialOf(path), place: placeOf(path) };
  if (path.length > MAX_KNOWN_LENGTH) return standing;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(path, standing);
  return standing;
};

const specialOf = (path: string): string | undefined =>
  ANY.test(path) ? PATH_TABLE.find(([, pattern]) => pattern.test(path))?.[0] : undefined;

const placeOf = (path: string): string => {
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
