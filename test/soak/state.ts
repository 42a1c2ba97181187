import { createHash } from 'node:crypto';

type Texts = Readonly<Record<string, string>>;

/** One state of an alert as any receiver sees it. */
export interface State {
  /** The alert: its label set. */
  readonly alert: string;
  /** The state: label set, annotations, and whether it fires. */
  readonly id: string;
  readonly firing: boolean;
}

/** One text for labels or annotations, in whatever order they came. */
export const textOf = (labels: Texts): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

export const stateOf = (labels: Texts, annotations: Texts, firing: boolean): State => {
  const alert = textOf(labels);
  return {
    alert,
    firing,
    id: createHash('sha1')
      .update(`${alert}${textOf(annotations)}${firing}`)
      .digest('base64'),
  };
};

/** The state in a line of the alert file or a body of the webhook. */
export const stateOfJson = (text: string): State => {
  const { labels, annotations, status } = JSON.parse(text) as Readonly<{
    labels: Texts;
    annotations: Texts;
    status: string;
  }>;
  return stateOf(labels, annotations, status === 'firing');
};

/** For messages. */
export const shown = ({ alert, firing }: State): string => `${firing ? 'firing' : 'resolved'} ${alert.slice(0, 300)}`;
