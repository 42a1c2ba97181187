import type { Gap } from '../model/flow.ts';
import type { Envelope } from './envelope.ts';
import { integer } from './field.ts';

const DROP_RULE = 'Falco internal: syscall event drop';

/** Falco counts its drops once a second, so the loss lies in the second before the report. */
const REPORT_PERIOD = 1_000_000_000n;

/** Falco's own report that the kernel outran it, as the gap it is; undefined for every other event. */
export const toDropGap = (envelope: Envelope): Gap | undefined => {
  if (envelope.source !== 'internal' || envelope.rule !== DROP_RULE) return undefined;
  const lost = integer(envelope.fields.n_drops);
  return {
    type: 'gap',
    cause: 'falco-drop',
    from: envelope.time - REPORT_PERIOD,
    to: envelope.time,
    ...(lost !== undefined && { lost }),
    ...(envelope.hostname !== '' && { node: envelope.hostname }),
  };
};
