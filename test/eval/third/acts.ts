import type { Act } from '../scenes.ts';

/** What the agent process itself does, without any child: it changes a file, reads one, fetches from a host. */
export const edit = (path: string): Act => ({ kind: 'file-edit', title: `edit ${path}`, writes: [path] });
export const read = (path: string): Act => ({ kind: 'file-read', title: `read ${path}`, reads: [path] });
export const fetched = (end: string): Act => ({
  kind: 'network',
  title: `connect to ${end}`,
  runs: ['in-process public'],
  connects: [`public ${end}`],
});
/** One command of version control. */
export const git = (title: string, runs: readonly string[], over: Partial<Act> = {}): Act => ({
  kind: 'vcs',
  title,
  runs,
  programs: ['bash', 'git'],
  ...over,
});

/** Hosts, as addresses for tests: the forge that everybody uses, package registries, and others. */
export const FORGE = '198.19.1.1:443';
export const REGISTRY = '198.19.2.2:443';
export const MIRROR = '198.19.3.3:443';
