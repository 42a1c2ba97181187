import type { Figures } from './figures.ts';

/** What creance says has become of the states that one sink was given. */
export interface SinkAccount {
  readonly taken: number;
  readonly delivered: number;
  readonly superseded: number;
  readonly lost: number;
  /** Neither delivered nor given up. */
  readonly waiting: number;
}

/** States that the pipeline has raised. */
export const raisedIn = (figures: Figures): number =>
  figures.sum('creance_stage_items_total', { stage: 'deliver', direction: 'in', type: 'alert' });

/** States that an earlier life left for a sink, by the name that it has in receipts. */
export const restoredIn = (figures: Figures, sink: string): number =>
  figures.sum('creance_alerts_restored_total', { sink });

export const alertmanagerAccount = (figures: Figures, alertmanager: string): SinkAccount => {
  const of = (name: string) => figures.sum(`creance_alertmanager_${name}_total`, { alertmanager });
  return account(of('taken'), of('delivered'), of('superseded'), of('dropped') + of('rejected'));
};

/** Of the file (`file`) or the webhook (`webhook HOST:PORT`). */
export const outputAccount = (figures: Figures, sink: string): SinkAccount => {
  const [kind = ''] = sink.split(' ');
  const of = (outcome: string) => figures.sum('creance_output_alerts_total', { sink: kind, outcome });
  const taken = raisedIn(figures) + restoredIn(figures, sink);
  return account(taken, of('delivered'), 0, of('dropped') + of('rejected'));
};

const account = (taken: number, delivered: number, superseded: number, lost: number): SinkAccount => ({
  ...{ taken, delivered, superseded, lost },
  waiting: taken - delivered - superseded - lost,
});
