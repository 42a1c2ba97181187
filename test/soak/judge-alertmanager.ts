import { firingIn, newestOf } from './alert-file.ts';
import type { AlertmanagerBook, Books } from './books.ts';
import { type Check, equal, none, within } from './check.ts';
import type { Life } from './creance.ts';
import { alertmanagerAccount } from './sink-accounts.ts';
import { shown } from './state.ts';

/** How long an Alertmanager must have stayed to be seen knowing an alert. In milliseconds. */
const SEEN_MS = 2_500;

/** Whether one Alertmanager was told of every alert, of nothing else, and knows at the end what fires. */
export const judgeAlertmanager = (book: AlertmanagerBook, books: Books): readonly Check[] => {
  const { raised, lives, outages, alertmanagers } = books;
  const { name, accepted, ever, now, sent } = book;
  const { figures, number } = lives.at(-1) as Life;
  const { delivered, superseded } = alertmanagerAccount(figures, name);
  const raisedIds = new Set(raised.map(({ id }) => id));
  const acceptedIds = new Set(accepted.map(({ id }) => id));
  const newest = newestOf(raised);
  const firing = firingIn(raised);
  const own = outages.filter(({ alertmanager }) => alertmanagers[alertmanager] === book);
  const stayed = (from: number) => !own.some(({ at }) => at >= from && at < from + SEEN_MS);
  const visible = new Set(accepted.filter(({ firing, at }) => firing && stayed(at)).map(({ alert }) => alert));
  return [
    none(`${name}: states never raised`, accepted.filter(({ id }) => !raisedIds.has(id)).map(shown)),
    none(
      `${name}: alerts whose newest state it never got`,
      newest.filter(({ id }) => !acceptedIds.has(id)).map(shown),
      ` of ${newest.length}`,
    ),
    none(`${name}: alerts that it accepted and was never seen to know`, absent(visible, ever), ` of ${visible.size}`),
    // One that was on its way when it was overtaken counts as superseded, and may have arrived all the same.
    within(
      `${name}: states accepted in the last life`,
      accepted.filter(({ life }) => life === number).length,
      delivered,
      delivered + superseded,
    ),
    equal(
      `${name}: alerts accepted in the last life, repetitions included`,
      sent,
      figures.sum('creance_alertmanager_sent_total', { alertmanager: name }),
    ),
    none(`${name}: alerts that fire at the end and that it does not know`, absent(firing, now), ` of ${firing.size}`),
    none(`${name}: alerts that it knows at the end and that do not fire`, absent(now, firing)),
  ];
};

const absent = (wanted: ReadonlySet<string>, there: ReadonlySet<string>): readonly string[] =>
  [...wanted].filter((alert) => !there.has(alert));
