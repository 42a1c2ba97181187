import type { JsonRecord, ProtoRecord } from '../../model/record.ts';
import type { Nanos } from '../../model/time.ts';
import { peekTime } from '../grpc/peek.ts';

/** The event's time by a glance at the record, or undefined when it does not say. Never throws. */
export const recordTime = (record: JsonRecord | ProtoRecord): Nanos | undefined =>
  record.type === 'json' ? jsonTime(record.text) : peekTime(record.bytes);

const TIME = /^"time": ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z"/;

/** `time` stands last in what Falco writes, so it is looked for from the end; within a string its quotes would be escaped. */
const jsonTime = (text: string): Nanos | undefined => {
  const at = text.lastIndexOf('"time":');
  const match = at < 0 ? null : TIME.exec(text.slice(at, at + 48));
  if (!match) return undefined;
  const milliseconds = Date.parse(`${match[1]}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
};
