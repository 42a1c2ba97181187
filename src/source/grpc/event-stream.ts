import type { Client, StatusObject } from '@grpc/grpc-js';
import { type Clock, sleep } from '../../platform/clock.ts';
import { subMethod } from './falco-api.ts';
import { startPump } from './pump.ts';

export interface EventStreamOptions {
  readonly minPollMs: number;
  readonly maxPollMs: number;
  readonly drainMs: number;
  readonly clock: Clock;
}

/** One open `sub` stream, already asking. */
export interface EventStream {
  /** Settles with the status when the stream is over and its last event handed on. Never rejects. */
  readonly ended: Promise<StatusObject>;
  /** Stops asking, waits for what is under way, then cancels. True when all of it has come. */
  drain(): Promise<boolean>;
  /** Ends the stream at once; events that Falco has already taken from its queue are lost. */
  cancel(): void;
}

/** Silence that means the answer to the last request is complete. */
const QUIET_MS = 100;

/** Subscribes. Events are always taken at once: what is not taken piles up in Falco's memory, without limit. */
export const openEventStream = (
  client: Client,
  onEvent: (bytes: Uint8Array) => void,
  { drainMs, clock, ...poll }: EventStreamOptions,
): EventStream => {
  const { path, requestSerialize, responseDeserialize } = subMethod;
  const call = client.makeBidiStreamRequest<object, Buffer>(path, requestSerialize, responseDeserialize);
  let received = 0;
  const ended = new Promise<StatusObject>((resolve) => {
    // The status can overtake events that stand in the stream's buffer; `end` comes behind them.
    let final: StatusObject | undefined;
    const settle = () => final && call.readableEnded && resolve(final);
    call.on('status', (status: StatusObject) => {
      final = status;
      pump.stop();
      settle();
    });
    call.on('end', settle);
    call.on('error', () => {}); // The status tells the same, and comes always.
  });
  call.on('data', (bytes: Buffer) => {
    received += 1;
    pump.arrived();
    onEvent(bytes);
  });
  // Requests that Falco does not take would pile up here.
  const pump = startPump(() => !call.writableNeedDrain && call.write({}), { ...poll, clock });
  const drain = async () => {
    pump.stop();
    const over = new AbortController();
    void ended.then(() => over.abort());
    let quiet = false;
    for (let left = drainMs; left > 0 && !quiet && !over.signal.aborted; left -= QUIET_MS) {
      const before = received;
      await sleep(clock, Math.min(QUIET_MS, left), over.signal);
      quiet = received === before;
    }
    call.cancel();
    await ended;
    return quiet;
  };
  return {
    ended,
    drain,
    cancel: () => {
      pump.stop();
      call.cancel();
    },
  };
};
