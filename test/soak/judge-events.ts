import type { Books } from './books.ts';
import { type Check, equal, none, within } from './check.ts';
import type { Life } from './creance.ts';

/** Seconds of the stream that may be on their way when a connection breaks. */
const ON_THE_WAY = 1;

/** Whether every event that was sent is received or accounted for as lost. */
export const judgeEvents = (books: Books): readonly Check[] => {
  const { lives, breaks, rate, waiting, transport } = books;
  const last = lives.at(-1) as Life;
  const atBreaks = breaks.reduce((sum, { unaccounted }) => sum + unaccounted, 0);
  const { figures } = last;
  const items = (labels: Record<string, string>) => figures.sum('creance_stage_items_total', labels);
  return [
    equal('events still waiting', waiting, 0),
    equal('events sent and accounted for nowhere since the last break', books.unaccounted - atBreaks, 0),
    ...breaks.map(({ kind, unaccounted }) =>
      within(`events on their way when ${kind}`, unaccounted, transport === 'http' ? -1 : 0, rate * ON_THE_WAY),
    ),
    ...lives.flatMap(queueOf),
    equal(
      'last life: records decoded',
      items({ stage: 'decode', direction: 'in' }),
      figures.sum('creance_queue_passed_total'),
    ),
    none(
      'inputs that a stage failed on, records refused',
      lives.flatMap(({ number, figures }) => {
        const faults = figures.sum('creance_stage_faults_total') + figures.sum('creance_decode_rejected_total');
        return faults === 0 ? [] : [`life ${number + 1}: ${faults}`];
      }),
    ),
  ];
};

const queueOf = ({ number, figures }: Life): readonly Check[] => {
  const of = (name: string) => figures.sum(`creance_queue_${name}`);
  const gone = of('passed_total') + of('shed_total') + of('records');
  return [equal(`life ${number + 1}: records received, and passed on, shed or held`, of('received_total'), gone)];
};
