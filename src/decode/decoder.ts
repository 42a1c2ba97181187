import type { FalcoEvent } from '../model/event.ts';
import type { Gap } from '../model/flow.ts';
import type { LostRecord, RawRecord } from '../model/record.ts';
import { toDropGap } from './drop.ts';
import { isRejected, type Rejected } from './envelope.ts';
import { toEvent, WANTED_FIELDS } from './event.ts';
import { readJson } from './json.ts';
import { createProtoReader } from './proto.ts';

/** One reader for both intakes: nothing behind it knows which brought the record. Total: never throws. */
export const createDecoder = () => {
  const readProto = createProtoReader(WANTED_FIELDS);
  return (record: RawRecord): FalcoEvent | Gap | LostRecord | Rejected => {
    if (record.type === 'gap' || record.type === 'lost') return record;
    const envelope = record.type === 'json' ? readJson(record.text) : readProto(record.bytes);
    return isRejected(envelope) ? envelope : (toDropGap(envelope) ?? toEvent(envelope));
  };
};
