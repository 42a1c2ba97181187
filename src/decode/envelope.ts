import type { Nanos } from '../model/time.ts';

/** What both intakes know of an event before its fields are given meaning. */
export interface Envelope {
  readonly time: Nanos;
  /** A number on the protobuf wire (0 is emergency), a name such as `Notice` in JSON. */
  readonly priority: number | string;
  readonly rule: string;
  /** The human line; with Falco's `json_output` the whole JSON document. Kilobytes, so it is read only when asked for. */
  readonly output: () => string;
  readonly hostname: string;
  readonly tags: readonly string[];
  readonly source: string;
  /** The printed fields: typed values from JSON, strings from gRPC. Values are hostile; look up known names only. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Why a record is no event. A closed set: it is a metric label. */
export type RejectReason = 'not-json' | 'not-protobuf' | 'not-an-event' | 'bad-time';

/** A record that is no event, and what is wrong with it in words for a log line. */
export interface Rejected {
  readonly rejected: RejectReason;
  readonly detail: string;
  /** True where it may have been an event that was damaged, and not simply something else. */
  readonly lost: boolean;
}

export const isRejected = (reading: Envelope | Rejected): reading is Rejected => 'rejected' in reading;
