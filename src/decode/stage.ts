import { filter, map, type OperatorFunction, tap } from 'rxjs';
import type { FalcoEvent } from '../model/event.ts';
import type { Gap, Tick } from '../model/flow.ts';
import type { LostRecord, RawRecord } from '../model/record.ts';
import type { Logger } from '../platform/log.ts';
import type { Registry } from '../platform/metrics.ts';
import { machine } from '../stream/machine.ts';
import { type TickOptions, ticks } from '../stream/ticks.ts';
import { createDecoder } from './decoder.ts';
import type { Rejected } from './envelope.ts';
import { createLateness } from './lateness.ts';
import { losses } from './losses.ts';
import { createDecodeMetrics } from './metrics.ts';

export interface DecodeDeps {
  readonly log: Logger;
  readonly registry: Registry;
  readonly onFault: (error: unknown) => void;
  /** Present on live streams: time goes on while no events come. */
  readonly live?: TickOptions['live'];
}

/** How far event time moves between two ticks. */
const TICK_MS = 50;

/** A record that cannot be read moves no time. */
const timeOf = (item: FalcoEvent | Gap | LostRecord): bigint =>
  item.type === 'event' ? item.time : item.type === 'gap' ? item.to : 0n;

/**
 * Records in, events and gaps out, in the same order. What is no event is counted, the first of each kind is logged, and
 * where it may have been one that was damaged, a gap takes its place. All gaps are counted here, whoever found them.
 */
export const decode = ({
  log,
  registry,
  onFault,
  live,
}: DecodeDeps): OperatorFunction<RawRecord, FalcoEvent | Gap | Tick> => {
  const metrics = createDecodeMetrics(registry);
  const decoder = createDecoder();
  const told = new Set<string>();
  const refuse = ({ rejected: reason, detail, lost }: Rejected): LostRecord | undefined => {
    metrics.countRejected(reason);
    log[told.has(reason) ? 'debug' : 'warn']({ reason, detail }, 'a record is no Falco event; it is skipped');
    told.add(reason);
    return lost ? { type: 'lost' } : undefined;
  };
  const read = (record: RawRecord): FalcoEvent | Gap | LostRecord | undefined => {
    const decoded = decoder(record);
    return 'rejected' in decoded ? refuse(decoded) : decoded;
  };
  const late = live && createLateness(live.latenessMs, metrics.countLate);
  const timing: TickOptions = { periodMs: TICK_MS, ...(live && { live }) };
  return (source) =>
    source.pipe(
      map(read),
      filter((item) => item !== undefined),
      ticks(timeOf, timing),
      machine(losses, onFault),
      tap((item) => {
        late?.(item);
        if (item.type === 'gap') metrics.countGap(item);
      }),
    );
};
