import type { Books } from './books.ts';
import { type Check, equal, within } from './check.ts';
import type { Life } from './creance.ts';
import { alertmanagerAccount, outputAccount, raisedIn, restoredIn, type SinkAccount } from './sink-accounts.ts';

/**
 * Whether the figures of one life agree with each other and with what the receivers got of it. Those of the last life are
 * taken when all is quiet and agree to the unit; what another did between its last figures and its end, only the
 * receivers know: they may have so much more, and no less.
 */
export const judgeLife = (life: Life, { raised, webhook, alertmanagers, lives }: Books): readonly Check[] => {
  const { figures, number, printed } = life;
  const isLast = life === lives.at(-1);
  const inLife = (what: string) => `life ${number + 1}: ${what}`;
  const file = outputAccount(figures, 'file');
  const posted = outputAccount(figures, webhook.name);
  const told = raisedIn(figures) + restoredIn(figures, 'print');
  const since = printed - told;
  const got = (what: string, states: number, { delivered, waiting }: SinkAccount) =>
    within(inLife(what), states, delivered, isLast ? delivered : delivered + waiting + since);
  const accounts: readonly (readonly [string, SinkAccount])[] = [
    ['file', file],
    ['webhook', posted],
    ...alertmanagers.map(({ name }) => [name, alertmanagerAccount(figures, name)] as const),
  ];
  const lines = raised.filter((state) => state.life === number).length;
  const taken = webhook.taken.filter((state) => state.life === number).length;
  return [
    within(inLife('states printed since the last figures'), since, 0, isLast ? 0 : printed),
    // Printed first; a kill may fall between the two.
    within(inLife('states printed and not in the file'), printed - lines, 0, life.end?.signal === 'SIGKILL' ? 1 : 0),
    got('lines of the file', lines, file),
    got('states that the webhook took', taken, posted),
    ...accounts.map(([name, { waiting, taken }]) =>
      within(inLife(`states that wait for ${name}`), waiting, 0, isLast ? 0 : taken),
    ),
    ...accounts.map(([name, { lost }]) => within(inLife(`states that ${name} lost`), lost, 0, isLast ? 0 : told)),
    ...alertmanagers.map(({ name }) =>
      equal(
        inLife(`states given to ${name}`),
        alertmanagerAccount(figures, name).taken,
        raisedIn(figures) + restoredIn(figures, name),
      ),
    ),
  ];
};
