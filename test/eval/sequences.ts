import { elementsOf } from '../../src/detect/baseline/elements.ts';
import { Trail } from '../../src/detect/baseline/trail.ts';
import type { Recording } from './recordings.ts';

/** One action as a model sees it. */
export interface Item {
  readonly symbol: string;
  readonly elements: readonly string[];
  readonly start: bigint;
  readonly end: bigint;
}

/** The agent's actions of one session, in order. */
export type Sequence = readonly Item[];

const memo = new WeakMap<Recording, Sequence>();

export const sequenceOf = (recording: Recording): Sequence => {
  const known = memo.get(recording);
  if (known) return known;
  const trail = new Trail();
  const sequence = recording.inputs.flatMap((input) =>
    input.type === 'action' && input.kind !== 'housekeeping'
      ? [{ symbol: input.symbol, elements: elementsOf(input, trail), start: input.start, end: input.end }]
      : [],
  );
  memo.set(recording, sequence);
  return sequence;
};
