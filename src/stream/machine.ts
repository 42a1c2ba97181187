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

/** Runs a machine as an operator. Ticks pass on behind what they closed, so that every later stage sees them too. */
export const machine =
  <State, In extends { readonly type: string }, Out>(
    core: Machine<State, In, Out>,
  ): OperatorFunction<In | Ticking, Out | Ticking> =>
  (source) =>
    new Observable((subscriber) => {
      const state = core.initial();
      const emit = (outputs: readonly Out[]) => {
        for (const output of outputs) subscriber.next(output);
      };
      return source.subscribe({
        next: (input) => {
          if (isTick(input)) {
            emit(core.onTick(state, input.watermark));
            subscriber.next(input);
          } else emit(core.onEvent(state, input));
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          emit(core.onEnd(state));
          subscriber.complete();
        },
      });
    });

const isTick = (input: { readonly type: string }): input is Ticking => input.type === 'tick';
