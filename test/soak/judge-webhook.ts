import type { Books } from './books.ts';
import { type Check, none } from './check.ts';
import { shown } from './state.ts';
import type { Taken } from './webhook.ts';

/** Whether the webhook got every state that was raised, in order, and none twice but where creance ended in between. */
export const judgeWebhook = ({ raised, webhook: { taken }, lives }: Books): readonly Check[] => {
  const positions = new Map(raised.map(({ id }, at) => [id, at]));
  const times = tally(raised);
  const took = tally(taken);
  const missing = raised.filter(({ id }) => !took.has(id));
  const reached = lives.map(({ number }) =>
    Math.max(-1, ...taken.filter(({ life }) => life === number).map(({ id }) => positions.get(id) ?? -1)),
  );
  const last = lives.length - 1;
  const overtaken = missing.filter(
    (state) =>
      (positions.get(state.id) ?? 0) > (reached[state.life] ?? -1) && isOvertaken(state, raised, positions, last),
  );
  return [
    none('webhook: states never raised', taken.filter(({ id }) => !times.has(id)).map(shown)),
    none(
      'webhook: states that are missing',
      missing.filter((state) => !overtaken.includes(state)).map(shown),
      `, and ${overtaken.length} overtaken by newer ones when creance ended`,
    ),
    none(
      'webhook: states taken twice in one life',
      taken
        .filter(({ id }) => (took.get(id) ?? 0) > Math.max(1, times.get(id) ?? 0) + livesOf(id, taken) - 1)
        .map(shown),
    ),
    none('webhook: states out of order', outOfOrder(raised, taken)),
  ];
};

/** What waits when creance ends goes on in the next life, but of each alert only the newest state. */
const isOvertaken = (
  { alert, id }: Taken,
  raised: readonly Taken[],
  positions: ReadonlyMap<string, number>,
  last: number,
): boolean => raised.some((newer, at) => newer.alert === alert && at > (positions.get(id) ?? 0) && newer.life < last);

/** Within a life, the states of one alert come in the order in which they were raised; two of them may be alike. */
const outOfOrder = (raised: readonly Taken[], taken: readonly Taken[]): readonly string[] => {
  const positions = new Map<string, number[]>();
  raised.forEach(({ id }, at) => {
    positions.set(id, [...(positions.get(id) ?? []), at]);
  });
  const reached = new Map<string, number>();
  return taken.flatMap((state) => {
    const key = `${state.life} ${state.alert}`;
    const before = reached.get(key) ?? -1;
    const own = positions.get(state.id) ?? [];
    const next = own.find((at) => at >= before);
    reached.set(key, next ?? before);
    const late = next === undefined && own.length > 0;
    return late ? [`life ${state.life + 1}, raised as number ${own}, after ${before}: ${shown(state)}`] : [];
  });
};

const livesOf = (id: string, taken: readonly Taken[]): number =>
  new Set(taken.filter((state) => state.id === id).map(({ life }) => life)).size;

const tally = (states: readonly Taken[]): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  for (const { id } of states) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
};
