import type { RawRecord } from '../../model/record.ts';
import { type Peeked, peekJson } from './worth-json.ts';
import { isPersistent, isSensitive } from './worth-paths.ts';
import { peekProto } from './worth-proto.ts';

/**
 * What a record is worth when not all can be kept, least first. A closed set: it is a metric label.
 *
 * 1. `unreadable`: the news that something could not be read. Whoever sends rubbish must not displace events with it; and a
 *    shed one lives on in the gap that tells of the shedding.
 * 2. `workspace-read`: files read below the working directory. `npm ci` makes thousands, and each says little.
 * 3. `read-or-exit`: other reads (libraries, `/proc`), and ends of processes, which the process table can do without.
 * 4. `write`: files written, removed, renamed or given another mode.
 * 5. `exec-connect-privilege-sensitive`: everything else, and everything that touches a path where secrets lie or from where
 *    code is run later. Alerts of rules that are not telemetry, gaps, Falco's own reports of drops and records that cannot be
 *    read are here too, so that they are never the first to go.
 */
export const WORTHS = [
  'unreadable',
  'workspace-read',
  'read-or-exit',
  'write',
  'exec-connect-privilege-sensitive',
] as const;
export type Worth = (typeof WORTHS)[number];

const OPENS = new Set(['open', 'openat', 'openat2', 'open_by_handle_at']);
const EXITS = new Set(['procexit', 'exit', 'exit_group']);
const WRITES = new Set(
  'creat truncate ftruncate unlink unlinkat rmdir rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat'.split(
    ' ',
  ),
);

/** The worth of a record, from a glance at a few fields and without decoding it. Never throws. */
export const worthOf = (record: RawRecord): Worth => {
  if (record.type === 'lost') return 'unreadable';
  if (record.type === 'gap') return 'exec-connect-privilege-sensitive';
  const peeked = record.type === 'json' ? peekJson(record.text) : peekProto(record.bytes);
  const call = peeked.field('evt.type');
  if (call === undefined || !peeked.telemetry) return 'exec-connect-privilege-sensitive';
  if (EXITS.has(call)) return 'read-or-exit';
  if (OPENS.has(call)) return isRead(peeked) ? worthOfRead(peeked) : worthOfWrite(peeked);
  return WRITES.has(call) ? worthOfWrite(peeked) : 'exec-connect-privilege-sensitive';
};

/** Not O_TMPFILE: Falco prints it for directories too, and a true one comes with a flag to write. */
const WRITING_FLAG = /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/;

/** A read is one that says so: without flags an open may be a write. */
const isRead = ({ field }: Peeked): boolean => {
  const flags = field('evt.arg.flags');
  if (flags) return !WRITING_FLAG.test(flags);
  return field('evt.is_open_read') === 'true' && field('evt.is_open_write') !== 'true';
};

const worthOfRead = ({ field }: Peeked): Worth => {
  const path = field('fd.name') ?? '';
  if (isSensitive(path)) return 'exec-connect-privilege-sensitive';
  return isBelow(path, field('proc.cwd')) ? 'workspace-read' : 'read-or-exit';
};

const worthOfWrite = ({ field }: Peeked): Worth => {
  for (const key of ['fd.name', 'fs.path.name', 'fs.path.source', 'fs.path.target'] as const) {
    const path = field(key);
    if (path && (isSensitive(path) || isPersistent(path))) return 'exec-connect-privilege-sensitive';
  }
  return 'write';
};

/** The root directory is nobody's workspace. */
const isBelow = (path: string, cwd: string | undefined): boolean => {
  if (!path.startsWith('/')) return path.length > 0;
  if (!cwd || cwd === '/') return false;
  return path.startsWith(cwd.endsWith('/') ? cwd : `${cwd}/`);
};
