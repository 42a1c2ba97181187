import { filter, map, type OperatorFunction } from 'rxjs';
import type { FalcoEvent } from '../model/event.ts';
import type { Gap, Tick } from '../model/flow.ts';
import type { RawRecord } from '../model/record.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';
import { type TickOptions, ticks } from '../stream/ticks.ts';
import { createDecoder } from './decoder.ts';
import { createDecodeMetrics } from './metrics.ts';

export interface DecodeDeps {
  readonly log: Logger;
  readonly registry: Registry;
  /** Present on live streams: time goes on while no events come. */
  readonly live?: TickOptions['live'];
}

/** How far event time moves between two ticks. */
const TICK_MS = 50;

/** Records in, events out; what is no event is counted, and the first of each kind is logged. */
export const decode = ({ log, registry, live }: DecodeDeps): OperatorFunction<RawRecord, FalcoEvent | Gap | Tick> => {
  const metrics = createDecodeMetrics(registry);
  const decoder = createDecoder();
  const told = new Set<string>();
  const read = (record: RawRecord): FalcoEvent | Gap | undefined => {
    const decoded = decoder(record);
    if ('rejected' in decoded) {
      metrics.rejected.inc({ reason: decoded.rejected });
      const level = told.has(decoded.rejected) ? 'debug' : 'warn';
      told.add(decoded.rejected);
      log[level]({ reason: decoded.rejected, detail: decoded.detail }, 'a record is no Falco event; it is skipped');
      return undefined;
    }
    if (decoded.type === 'gap' && decoded.cause === 'falco-drop') metrics.falcoDrops.inc(decoded.lost ?? 0);
    return decoded;
  };
  const timing: TickOptions = { periodMs: TICK_MS, ...(live && { live }) };
  return (source) =>
    source.pipe(
      map(read),
      filter((item) => item !== undefined),
      ticks((item) => (item.type === 'gap' ? item.to : item.time), timing),
    );
};
