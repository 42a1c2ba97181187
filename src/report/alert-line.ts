import type { Alert } from '../model/alert.ts';
import { toIso } from '../model/time.ts';

/** A state of an alert in one line. The text of alerts is clean already. */
export const alertLine = (alert: Alert): string => {
  const { annotations, startsAt, endsAt } = alert;
  const state = endsAt === undefined ? 'firing  ' : 'resolved';
  return `${toIso(endsAt ?? startsAt)} ${state} ${identity(alert)} - ${annotations.summary ?? ''}\n`;
};

/** The labels of an alert: severity and name, then the others with their names. */
export const identity = ({ labels: { severity, alertname, ...rest } }: Pick<Alert, 'labels'>): string => {
  const where = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [severity, alertname, ...where].join(' ');
};
