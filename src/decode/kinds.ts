/** The kinds of telemetry that creance's rules make. */
export const KINDS = [
  'exec',
  'exit',
  'open-read',
  'open-write',
  'connect',
  'unlink',
  'rename',
  'chmod',
  'privilege',
] as const;
export type Kind = (typeof KINDS)[number];

/** Fields without which an event of a kind means nothing to the stages behind; every kind needs `always`. */
export const NEEDED: Readonly<Record<Kind | 'always', readonly string[]>> = {
  always: ['evt.num', 'evt.type', 'proc.pid', 'proc.pid.ts', 'proc.apid[1]', 'proc.exepath', 'proc.cmdline'],
  exec: ['evt.res', 'proc.cwd', 'proc.exe'],
  exit: ['evt.arg.ret'],
  'open-read': ['fd.name', 'evt.arg.flags', 'evt.res'],
  'open-write': ['fd.name', 'evt.arg.flags', 'evt.res'],
  connect: ['fd.name', 'fd.sip', 'fd.sport', 'fd.l4proto'],
  unlink: ['fs.path.name'],
  rename: ['fs.path.source', 'fs.path.target'],
  chmod: ['evt.arg.mode'],
  privilege: [],
};

const KIND_OF: Readonly<Record<string, Kind>> = {
  execve: 'exec',
  execveat: 'exec',
  procexit: 'exit',
  creat: 'open-write',
  connect: 'connect',
};

const WRITING_FLAG = /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/;

/** The kind of an event, by its call and its flags. What is none of the others is a change of privilege. */
export const kindOf = (call: string, flags: string | undefined): Kind => {
  if (Object.hasOwn(KIND_OF, call)) return KIND_OF[call] as Kind;
  if (/^open/.test(call)) return WRITING_FLAG.test(flags ?? '') ? 'open-write' : 'open-read';
  if (/^(unlink|rmdir)/.test(call)) return 'unlink';
  if (/^(rename|link|symlink)/.test(call)) return 'rename';
  return /^f?ch(mod|own)/.test(call) ? 'chmod' : 'privilege';
};
