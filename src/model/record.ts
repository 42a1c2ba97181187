import type { Gap } from './flow.ts';

/** One JSON document as Falco wrote it: a line of a file, or the body of a request. */
export interface JsonRecord {
  readonly type: 'json';
  readonly text: string;
}

/** One `falco.outputs.response` message as it came over the wire, not yet read. */
export interface ProtoRecord {
  readonly type: 'proto';
  readonly bytes: Uint8Array;
}

/**
 * At this place of the stream something came, or should have come, that could not be read: an event may be missing here.
 * The source does not know of what time it was; who knows the events around it does.
 */
export interface LostRecord {
  readonly type: 'lost';
}

/** What a source hands over: bytes that may be an event, or the knowledge that some were lost. */
export type RawRecord = JsonRecord | ProtoRecord | LostRecord | Gap;
