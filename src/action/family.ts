import { COMMON_SCRIPTS, INTERPRETERS, MULTI } from './tools.ts';

/** A program as the kernel ran it: its name and arguments. */
export interface Executed {
  readonly name: string;
  readonly args: readonly string[];
}

/** Part of a command line that a family is read from; Falco's goes on for up to 4 KB. */
const MAX_READ = 512;

/** Splits Falco's `proc.cmdline`, where arguments are joined by single blanks and their quoting is lost. */
export const executedOf = (name: string, cmdline: string | undefined): Executed => ({
  name,
  args: (cmdline ?? '').slice(0, MAX_READ).split(' ').slice(1),
});

/** Other names of the same program. */
const SYNONYMS = new Map([
  ['ugrep', 'grep'],
  ['egrep', 'grep'],
  ['fgrep', 'grep'],
  ['bfs', 'find'],
  ['fdfind', 'fd'],
  ['nodejs', 'node'],
  ['gmake', 'make'],
]);

const MAX_NAME = 32;
/** Long numbers, hashes and the like, which make a name that is never seen twice. */
const FLEETING = /(?=[0-9a-f]*\d)[0-9a-f]{8,}|\d{4,}/gi;

/** A name as symbols hold it: without directory, version, random parts, or anything that is not of a plain name. */
export const plainName = (name: string): string => {
  const base = name.slice(name.lastIndexOf('/') + 1).replace(/[^\w.+@-]+/g, '');
  const unversioned = base.replace(/(?<=[a-z])[-@]?\d+(\.\d+)*$/i, '') || base;
  const plain = unversioned.replace(FLEETING, '#').slice(0, MAX_NAME);
  return SYNONYMS.get(plain) ?? plain;
};

/** The command family: the program, and for tools of many trades and interpreters what they were told to do. */
export const familyOf = ({ name, args }: Executed): string => {
  const program = plainName(name);
  const built = program === 'java' ? buildTool(args) : undefined;
  if (built !== undefined) return built;
  const interprets = INTERPRETERS.has(program);
  if (MULTI.has(program) && !(interprets && runsText(args))) return multi(program, args);
  return interprets ? interpreted(program, args) : program;
};

/** Build tools that are virtual machines by the time they work: what starts them steps aside. */
const BUILD_TOOLS: readonly (readonly [name: string, starts: RegExp])[] = [
  ['gradle', /(^|\/)gradle-(wrapper|launcher)[^/]*\.jar$|^org\.gradle\.\S*Main$/],
  ['mvn', /(^|\/)maven-wrapper\.jar$|^org\.apache\.maven\.wrapper\.|^org\.codehaus\.plexus\.classworlds\.launcher\./],
];

const buildTool = (args: readonly string[]): string | undefined => {
  for (const [name, starts] of BUILD_TOOLS) {
    const at = args.findLastIndex((arg) => starts.test(arg));
    if (at >= 0) return multi(name, args.slice(at + 1));
  }
  return undefined;
};

/** Options of such tools that are followed by a value. */
const VALUED = new Set([
  '-C',
  '-c',
  '--prefix',
  '--cwd',
  '--git-dir',
  '--work-tree',
  '-f',
  '--context',
  '--namespace',
  '-n',
]);
const PLAIN_WORD = /^[a-z][a-z:_-]{0,23}$/i;

const multi = (program: string, args: readonly string[]): string => {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (VALUED.has(arg)) index++;
    else if (!PLAIN_WORD.test(arg)) continue;
    else if (arg === 'run' || arg === 'run-script') return `${program} run ${scriptName(args[index + 1])}`;
    else return `${program} ${ALIASES.get(arg) ?? arg}`;
  }
  return program;
};

/** Short forms of the commonest subcommands. */
const ALIASES = new Map([
  ['i', 'install'],
  ['t', 'test'],
]);

/** The name of a package script, where it is one that means the same everywhere; `test:unit` is a `test`. */
const scriptName = (name = ''): string => {
  const [first = ''] = name.split(/[:.]/, 1);
  return COMMON_SCRIPTS.has(name) ? name : COMMON_SCRIPTS.has(first) ? first : 'script';
};

/** Modes of interpreters that say more than the script that they are applied to. */
const MODES = new Set(['--test', '--check', '--watch']);
const INLINE = /^-(\w*[cep]|-eval|-print)$/;
/** Modules that are commands by themselves. */
const MODULES = new Set([
  'pytest',
  'unittest',
  'pip',
  'venv',
  'http',
  'build',
  'mypy',
  'ruff',
  'black',
  'flake8',
  'coverage',
]);

const runsText = (args: readonly string[]): boolean => {
  const [first = ''] = args;
  return INLINE.test(first) || /\.[cm]?[jt]sx?$/.test(first);
};

const interpreted = (program: string, args: readonly string[]): string => {
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const flags = at < 0 ? args : args.slice(0, at);
  const script = at < 0 ? undefined : args[at];
  const mode = flags.find((flag) => MODES.has(flag));
  if (mode !== undefined) return `${program} ${mode}`;
  if (flags.includes('-m') && script !== undefined) return moduleOf(program, script, args.slice(at + 1));
  if (flags.some((flag) => INLINE.test(flag))) return `${program} -c`;
  if (script === undefined) return flags[0]?.startsWith('--v') ? `${program} --version` : program;
  return toolOf(script, args.slice(at + 1)) ?? `${program} script`;
};

const moduleOf = (program: string, name: string, args: readonly string[]): string => {
  const [first = ''] = name.split('.', 1);
  if (MULTI.has(first)) return familyOf({ name: first, args });
  return `${program} -m ${MODULES.has(first) ? first : 'module'}`;
};

/** Where installed tools that are scripts lie. */
const INSTALLED = /\/(\.bin|bin|libexec|share)\/|\/node_modules\/|\/site-packages\//;

/** An installed tool that is a script goes by its own name, not by its interpreter's. */
const toolOf = (script: string, args: readonly string[]): string | undefined => {
  if (!INSTALLED.test(script)) return undefined;
  const name = plainName(script.replace(/(-cli)?\.[cm]?js$/, ''));
  return MULTI.has(name) ? familyOf({ name, args }) : name || undefined;
};
