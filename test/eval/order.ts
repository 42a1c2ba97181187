import type { AgentAction } from '../../src/model/action.ts';
import type { Recording } from './recordings.ts';

/** The same session with its actions in another order, the same for the same `seed`. Times stay where they are. */
export const reordered = (recording: Recording, seed: number): Recording => {
  const places = recording.inputs.flatMap((input, at) => (isOwn(input) ? [at] : []));
  const shuffled = shuffle(places, seed);
  const inputs = [...recording.inputs];
  places.forEach((place, at) => {
    const [here, there] = [recording.inputs[place], recording.inputs[shuffled[at] ?? place]];
    if (here?.type === 'action' && there?.type === 'action')
      inputs[place] = { ...there, index: here.index, start: here.start, end: here.end };
  });
  const first = inputs[places[0] ?? 0] as AgentAction;
  const last = inputs[places.at(-1) ?? 0] as AgentAction;
  const attack = { name: 'another order' };
  return { ...recording, inputs, truth: { ...recording.truth, attack, from: first.start, to: last.end } };
};

const isOwn = (input: Recording['inputs'][number]): boolean => input.type === 'action' && input.kind !== 'housekeeping';

/** Fisher–Yates with a small generator of its own, so that every run is the same. */
const shuffle = (values: readonly number[], seed: number): readonly number[] => {
  const result = [...values];
  let state = seed + 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [result[at], result[other]] = [result[other] as number, result[at] as number];
  }
  return result;
};
