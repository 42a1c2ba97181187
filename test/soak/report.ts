import type { Check } from './check.ts';
import type { Seen } from './run.ts';
import { alertmanagerAccount, outputAccount, raisedIn } from './sink-accounts.ts';

/** The figures and the checks, as lines of text. */
export const reportOf = ({ books, samples, faults }: Seen, checks: readonly Check[]): readonly string[] => {
  const { lives, raised, webhook, alertmanagers, sent, lost, breaks } = books;
  const onTheWay = breaks.reduce((sum, { unaccounted }) => sum + unaccounted, 0);
  const received = lives.reduce((sum, { figures }) => sum + figures.sum('creance_source_records_total'), 0);
  const shed = lives.reduce((sum, { figures }) => sum + figures.sum('creance_queue_shed_total'), 0);
  const counts = new Map<string, number>();
  for (const { kind } of faults) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [
    '',
    `faults   ${[...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ')}`,
    `events   ${sent} sent = ${received} received + ${lost} lost with Falco + ${onTheWay} on their way when a connection broke; ${shed} shed`,
    `alerts   ${new Set(raised.map(({ alert }) => alert)).size} alerts in ${raised.length} states; the webhook took ${webhook.taken.length}`,
    ...lives.flatMap(({ number, figures, end }) => [
      `life ${number + 1}   ${raisedIn(figures)} states raised${end ? `; ended by ${end.signal}` : ''}`,
      ...[
        ...['file', webhook.name].map((name) => [name, outputAccount(figures, name)] as const),
        ...alertmanagers.map(({ name }) => [name, alertmanagerAccount(figures, name)] as const),
      ].map(
        ([name, { taken, delivered, superseded, lost, waiting }]) =>
          `         ${name}: ${taken} taken = ${delivered} delivered + ${superseded} superseded + ${lost} lost + ${waiting} waiting`,
      ),
    ]),
    ...memoryOf(samples),
    '',
    ...checks.map(({ name, ok, detail }) => `${ok ? 'ok  ' : 'FAIL'}  ${name}: ${detail}`),
  ];
};

const memoryOf = (samples: Seen['samples']): readonly string[] => {
  const last = samples.at(-1);
  if (!last) return [];
  const quarter = (index: number) => samples.filter(({ at }) => Math.min(3, Math.floor((at / last.at) * 4)) === index);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const row = (name: string, of: (sample: (typeof samples)[number]) => number | undefined) =>
    `         ${name}: ${[0, 1, 2, 3].map((index) => mean(quarter(index).flatMap((one) => of(one) ?? [])).toFixed(1)).join(' · ')}`;
  return [
    `process  last life, ${Math.round(last.at)} s; means of its quarters`,
    row('resident memory, MB', ({ rssMb }) => rssMb),
    row('live heap, MB', ({ liveMb }) => liveMb),
    row('open files', ({ files }) => files),
    row('event loop delay, 99th percentile, ms', ({ lagMs }) => lagMs),
  ];
};
