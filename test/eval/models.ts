import { OrderModel } from '../../src/detect/baseline/order-model.ts';
import type { Detector } from './detector.ts';
import type { Recording } from './recordings.ts';
import { type Sequence, sequenceOf } from './sequences.ts';

/** A model of what is usual: a score for each action of a session, given the sessions that were learned. */
interface Model {
  readonly train: (sessions: readonly Sequence[]) => (session: Sequence) => readonly number[];
}

/**
 * A model as a detector: one for each agent, its threshold just above the highest score that any learned session gets
 * from the others. So every model is as quiet as its own learning lets it be, and no more.
 */
const detectorOf = ({ train }: Model): Detector => {
  const learned = new Map<string, Recording[]>();
  const fitted = new Map<string, { score: (session: Sequence) => readonly number[]; threshold: number }>();
  const fittedOf = (agent: string) => {
    const made = fitted.get(agent);
    if (made) return made;
    const sessions = (learned.get(agent) ?? []).map(sequenceOf);
    const peaks = sessions.map((one) => Math.max(0, ...train(sessions.filter((other) => other !== one))(one)));
    const result = { score: train(sessions), threshold: Math.max(0, ...peaks) * 1.001 };
    fitted.set(agent, result);
    return result;
  };
  return {
    learn: (recording) => {
      const { agent } = recording.truth;
      learned.set(agent, [...(learned.get(agent) ?? []), recording]);
      fitted.delete(agent);
    },
    alerts: (recording) => {
      const sequence = sequenceOf(recording);
      const { score, threshold } = fittedOf(recording.truth.agent);
      return score(sequence).flatMap((one, at) => {
        const item = sequence[at];
        return item && one > threshold
          ? [
              {
                detector: 'baseline',
                rule: 'model',
                start: item.start,
                end: item.end,
                summary: `${one.toFixed(1)} ${item.symbol}`,
              },
            ]
          : [];
      });
    },
  };
};

const PLAIN_ELEMENT = /^(program|destination|mark|symbol) /;

/** Set membership: how many elements of an action were in no session, or in one only. */
const setMembership: Model = {
  train: (sessions) => {
    const seen = new Map<string, number>();
    for (const session of sessions)
      for (const name of new Set(session.flatMap(({ elements }) => elements)))
        seen.set(name, (seen.get(name) ?? 0) + 1);
    return (session) =>
      session.map(
        ({ elements }) => elements.filter((name) => PLAIN_ELEMENT.test(name) && (seen.get(name) ?? 0) < 2).length,
      );
  },
};

/** Interpolated variable-order n-gram after Witten and Bell: surprise in bits, as a mean over a window. */
const ngram = (window: number): Model => ({
  train: (sessions) => {
    const model = new OrderModel();
    for (const session of sessions)
      model.add(
        session.map(({ symbol }) => symbol),
        1,
      );
    return (session) => {
      const symbols = session.map(({ symbol }) => symbol);
      const bits = symbols.map(
        (symbol, at) => -Math.log2(model.chance(symbols.slice(Math.max(0, at - 3), at), symbol)),
      );
      return bits.map((_, at) => {
        const last = bits.slice(Math.max(0, at - window + 1), at + 1);
        return last.reduce((sum, one) => sum + one, 0) / window;
      });
    };
  },
});

/** Rarity of the elements, as if they were independent: the sum of what each says in bits, with Laplace's correction. */
const rarity: Model = {
  train: (sessions) => {
    const seen = new Map<string, number>();
    for (const session of sessions)
      for (const name of new Set(session.flatMap(({ elements }) => elements)))
        seen.set(name, (seen.get(name) ?? 0) + 1);
    const bits = (name: string) => -Math.log2(((seen.get(name) ?? 0) + 0.5) / (sessions.length + 1));
    return (session) => session.map(({ elements }) => elements.reduce((sum, name) => sum + bits(name), 0));
  },
};

/** Sliding windows of symbols (stide): how many of the last twenty windows of three occurred in no session. */
const stide: Model = {
  train: (sessions) => {
    const [length, frame] = [3, 20];
    const windows = new Set<string>();
    const windowAt = (session: Sequence, at: number) =>
      JSON.stringify(session.slice(Math.max(0, at - length + 1), at + 1).map(({ symbol }) => symbol));
    for (const session of sessions) for (const at of session.keys()) windows.add(windowAt(session, at));
    return (session) => {
      const misses: number[] = session.map((_, at) => (windows.has(windowAt(session, at)) ? 0 : 1));
      return misses.map((_, at) =>
        misses.slice(Math.max(0, at - frame + 1), at + 1).reduce((sum, one) => sum + one, 0),
      );
    };
  },
};

export const MODELS: Readonly<Record<string, () => Detector>> = {
  'set membership': () => detectorOf(setMembership),
  'n-gram (Witten–Bell), one action': () => detectorOf(ngram(1)),
  'n-gram (Witten–Bell), window of 5': () => detectorOf(ngram(5)),
  'rarity of elements': () => detectorOf(rarity),
  'stide, windows of 3': () => detectorOf(stide),
};
