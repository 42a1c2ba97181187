import { Observable, type OperatorFunction } from 'rxjs';

/**
 * A pure core: no clock, no input or output, no RxJS. It owns the state that `initial` made and answers each input with
 * the outputs that follow from it.
 */
export interface Machine<State, In, Out> {
  initial(): State;
  onEvent(state: State, input: In): readonly Out[];
  /** Event time has reached `watermark`: close what has gone quiet. */
  onTick(state: State, watermark: bigint): readonly Out[];
  /** The stream has ended: close what is open. */
  onEnd(state: State): readonly Out[];
}

interface Ticking {
  readonly type: 'tick';
  readonly watermark: bigint;
}

/**
 * Runs a machine as an operator. Ticks pass on behind what they closed, so that every later stage sees them too. A throw
 * in a core is a bug; thrown through, it would end the pipe for good, and one event could blind the whole service. So it
 * is told to `onFault`, and the stream goes on without what that one input would have given.
 */
export const machine =
  <State, In extends { readonly type: string }, Out>(
    core: Machine<State, In, Out>,
    onFault: (error: unknown) => void,
  ): OperatorFunction<In | Ticking, Out | Ticking> =>
  (source) =>
    new Observable((subscriber) => {
      const state = core.initial();
      /** What the core answers; what happens behind it is not its fault and is not caught here. */
      const answer = (input: In | Ticking | undefined): readonly Out[] => {
        try {
          if (input === undefined) return core.onEnd(state);
          return isTick(input) ? core.onTick(state, input.watermark) : core.onEvent(state, input);
        } catch (error) {
          onFault(error);
          return [];
        }
      };
      return source.subscribe({
        next: (input) => {
          for (const output of answer(input)) subscriber.next(output);
          if (isTick(input)) subscriber.next(input);
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          for (const output of answer(undefined)) subscriber.next(output);
          subscriber.complete();
        },
      });
    });

const isTick = (input: { readonly type: string }): input is Ticking => input.type === 'tick';
