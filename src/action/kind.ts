import type { ActionKind, Effects } from '../model/action.ts';

const KINDS: readonly (readonly [ActionKind, RegExp])[] = [
  [
    'install',
    /^((npm|pnpm|yarn|bun|pip|pipx|uv|poetry|pdm|conda|cargo|apt|apt-get|apk|dnf|yum|brew|gem|bundle|composer|go|rustup|dotnet) (install|ci|add|get|sync|update|upgrade|require|restore|dlx)|npx exec)$/,
  ],
  ['vcs', /^(git|hg|svn|gh|glab)( |$)/],
  ['search', /^(grep|egrep|fgrep|rg|ugrep|find|bfs|fd|ag|ls|tree|wc|locate|which|stat|file|du)$/],
  ['file-read', /^(cat|head|tail|less|more|nl|sed|bat|od|xxd|strings)$/],
  ['network', /^(curl|wget|nc|ncat|socat|ssh|scp|sftp|rsync|dig|nslookup|host|ping|telnet|openssl)$/],
];

/** Programs that only shorten or reorder what another printed, or stand beside it. */
const FILTERS = new Set([
  'head',
  'tail',
  'wc',
  'sort',
  'uniq',
  'tr',
  'cut',
  'true',
  'false',
  'echo',
  'printf',
  'tee',
  'cd',
  'pwd',
  'sleep',
  'export',
  'test',
  '[',
  'set',
  'dircolors',
]);

/** The families that count: sorted, since the parts of a pipeline start in any order, and without mere filters. */
export const mainFamilies = (families: readonly string[]): readonly string[] => {
  const distinct = [...new Set(families)].sort();
  const main = distinct.filter((family) => !FILTERS.has(family));
  return main.length > 0 ? main : distinct;
};

/** Classes of files that are written beside the work. */
const BESIDE = new Set(['system', 'temp', 'cache', 'agent-state']);

/**
 * The kind of a shell call, from the families it ran: theirs where they agree on one, else plain `shell`. A reader that
 * wrote files, `sed -i` or `cat >`, edited them.
 */
export const kindOfFamilies = (families: readonly string[], { writes }: Pick<Effects, 'writes'>): ActionKind => {
  const kinds = new Set(families.map((family) => KINDS.find(([, pattern]) => pattern.test(family))?.[0] ?? 'shell'));
  const [only] = kinds;
  if (kinds.size !== 1 || !only) return 'shell';
  return only === 'file-read' && writes.some((touch) => !BESIDE.has(touch.class)) ? 'file-edit' : only;
};
