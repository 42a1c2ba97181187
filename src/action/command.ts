import type { ActionKind } from '../model/action.ts';

/** A program as the kernel ran it: its name and arguments. */
export interface Executed {
  readonly name: string;
  readonly args: readonly string[];
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish']);
const INTERPRETERS = new Set(['node', 'python', 'python3', 'ruby', 'perl', 'php', 'deno', 'bun', 'env', ...SHELLS]);
/** Programs that run another one named by their arguments. */
const WRAPPERS = new Set(['timeout', 'env', 'nohup', 'nice', 'time', 'stdbuf', 'setsid', 'xargs', 'sudo', 'command']);
/** Tools whose first argument says what they do. */
const MULTI = new Set([
  'npm',
  'npx',
  'pnpm',
  'yarn',
  'bun',
  'git',
  'gh',
  'cargo',
  'go',
  'pip',
  'pip3',
  'uv',
  'poetry',
  'docker',
  'kubectl',
  'helm',
  'terraform',
  'aws',
  'gcloud',
  'az',
  'apt',
  'apt-get',
  'brew',
  'dotnet',
  'mvn',
  'gradle',
  'systemctl',
]);

/** True for programs that only stand in front of the one that does the work. */
export const isTransparent = (name: string): boolean => SHELLS.has(name) || WRAPPERS.has(name);

/** Splits Falco's `proc.cmdline`, where arguments are joined by single blanks and their quoting is lost. */
export const executedOf = (name: string, cmdline: string | undefined): Executed => {
  const args = (cmdline ?? '').slice(0, 512).split(' ').slice(1);
  return { name, args };
};

/** The command family: the program, and for tools of many trades what they were told to do. */
export const familyOf = ({ name, args }: Executed): string => {
  if (MULTI.has(name)) return [name, subcommand(args)].filter(Boolean).join(' ');
  if (!INTERPRETERS.has(name)) return name;
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const script = args[at];
  const inline = args.slice(0, at < 0 ? args.length : at).some((flag) => /^-(\w*[ce]|-eval|-print)$/.test(flag));
  if (inline || script === undefined) return inline ? `${name} -c` : [name, args[0]].filter(Boolean).join(' ');
  const tool = /\/(bin|lib|libexec|share)\//.test(script) ? (script.split('/').at(-1) ?? '') : '';
  const toolName = tool.replace(/(-cli)?\.(c|m)?js$/, '');
  return MULTI.has(toolName) ? familyOf({ name: toolName, args: args.slice(at + 1) }) : `${name} script`;
};

const subcommand = (args: readonly string[]): string | undefined => {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '-C' || arg === '-c' || arg === '--prefix') index++;
    else if (/^[a-z][\w:-]*$/i.test(arg)) return arg === 'run' ? `run ${args[index + 1] ?? ''}`.trim() : arg;
  }
  return undefined;
};

const KINDS: readonly (readonly [ActionKind, RegExp])[] = [
  [
    'install',
    /^((npm|pnpm|yarn|bun|pip3?|uv|poetry|cargo|apt|apt-get|brew|gem|go) (install|i|ci|add|get|sync|update|upgrade)|npx .*)$/,
  ],
  ['vcs', /^(git|hg|svn|gh)( |$)/],
  ['search', /^(grep|egrep|fgrep|rg|ugrep|find|bfs|fd|ag|ls|tree|wc)$/],
  ['file-read', /^(cat|head|tail|less|more|nl|sed)$/],
  ['network', /^(curl|wget|nc|ncat|ssh|scp|sftp|rsync|dig|nslookup|ping|telnet)$/],
];

/** Programs that only shorten or reorder what another printed. */
const FILTERS = new Set(['head', 'tail', 'wc', 'sort', 'uniq', 'tr', 'cut', 'true', 'echo', 'tee']);

/** The families that count: sorted, since the parts of a pipeline start in any order, and without mere filters. */
export const mainFamilies = (families: readonly string[]): readonly string[] => {
  const distinct = [...new Set(families)].sort();
  const main = distinct.filter((family) => !FILTERS.has(family));
  return main.length > 0 ? main : distinct;
};

/** The kind of a shell call, from the families it ran: theirs where they agree on one, else plain `shell`. */
export const kindOfFamilies = (families: readonly string[]): ActionKind => {
  const kinds = new Set(families.map((family) => KINDS.find(([, pattern]) => pattern.test(family))?.[0] ?? 'shell'));
  const [only] = kinds;
  return kinds.size === 1 && only ? only : 'shell';
};

/** Undoes the quoting of a command that a wrapper put between single quotes. */
export const unquoteSingle = (text: string): string => text.replaceAll(`'"'"'`, "'").replaceAll(`'\\''`, "'");
