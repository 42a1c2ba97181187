import { type Clock, sleep, systemClock } from './clock.ts';
import { errorMessage } from './error-message.ts';

/** The part of `process` that signals come from. */
export interface Signals {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/** Exit codes of a second signal are those of a process that the signal killed: 128 + its number. */
const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof STOP_SIGNALS;

/** The first SIGTERM or SIGINT asks for a stop by aborting `signal`; a second does not wait for it. */
export const listenForStop = (signals: Signals, exit: (code: number) => void) => {
  const controller = new AbortController();
  const listeners = Object.entries(STOP_SIGNALS).map(([name, code]) => {
    const listener = () => (controller.signal.aborted ? exit(code) : controller.abort(name));
    signals.on(name as StopSignal, listener);
    return () => signals.off(name as StopSignal, listener);
  });
  return {
    signal: controller.signal,
    /** Asks for a stop from inside, such as when nobody reads the output any more. */
    stop: (reason: string): void => controller.abort(reason),
    dispose: (): void => {
      for (const off of listeners) off();
    },
  };
};

/** Resolves once the work is over or the signal has aborted. Rejects as the work does. */
export const overOrAborted = async (work: Promise<unknown>, signal: AbortSignal): Promise<void> => {
  let hush = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const listener = () => resolve();
    signal.addEventListener('abort', listener);
    hush = () => signal.removeEventListener('abort', listener);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    hush();
  }
};

/** How long, and until when, something that goes on by itself is waited for. */
export interface Patience {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** True when the work was over in time; false when it goes on while nobody waits for it any more. Rejects as the work does. */
export const isOverIn = async (work: Promise<unknown>, { clock, limitMs, signal }: Patience): Promise<boolean> => {
  const over = new AbortController();
  const waited = sleep(clock, limitMs, signal ? AbortSignal.any([signal, over.signal]) : over.signal);
  try {
    return await Promise.race([work.then(() => true), waited.then(() => false)]);
  } finally {
    over.abort();
  }
};

/** Something that has to be closed before the process may end. */
export interface Closable {
  readonly name: string;
  close(): Promise<void>;
}

/** A part that did not close, and why. */
export interface CloseFailure {
  readonly name: string;
  readonly reason: string;
}

/**
 * Closes the parts, last opened first, each after the one before. All share one deadline: past it, the rest are told to
 * close but not waited for. The result names those that failed, were late or were not waited for; never rejects.
 */
export const closeAll = async (
  parts: readonly Closable[],
  { graceMs, clock = systemClock }: { readonly graceMs: number; readonly clock?: Clock },
): Promise<readonly CloseFailure[]> => {
  const deadline = new AbortController();
  const late = new Promise<string>((resolve) => {
    deadline.signal.addEventListener('abort', () => resolve(`did not close within ${graceMs} ms`));
  });
  const cancel = clock.after(graceMs, () => deadline.abort());
  const failures: CloseFailure[] = [];
  for (const part of [...parts].reverse()) {
    const over = deadline.signal.aborted;
    const closing = closed(part);
    const reason = over ? 'was not waited for' : await Promise.race([closing, late]);
    if (reason !== undefined) failures.push({ name: part.name, reason });
  }
  cancel();
  return failures;
};

/** Why the part did not close; undefined when it did. */
const closed = async (part: Closable): Promise<string | undefined> => {
  try {
    await part.close();
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
};
