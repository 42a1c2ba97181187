import type { Alert } from '../../model/alert.ts';
import { toIso } from '../../model/time.ts';

/** A state of an alert as other programs read it. */
export const asJson = ({ labels, annotations, startsAt, endsAt, generatorURL }: Alert): object => ({
  status: endsAt === undefined ? 'firing' : 'resolved',
  labels,
  annotations,
  startsAt: toIso(startsAt),
  endsAt: endsAt === undefined ? undefined : toIso(endsAt),
  generatorURL,
});
