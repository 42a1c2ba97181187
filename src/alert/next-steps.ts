import type { Labels } from './labels.ts';

/** What may stand between quotes in a shell and in a matcher. Repositories and jobs are named by whoever runs them. */
const HARMLESS = /^[A-Za-z0-9._/@:+ -]+$/;

/** What a person can do about an alert, as commands that are safe to paste: of event text only harmless characters get in. */
export const nextSteps = (labels: Labels, reference: string): readonly string[] => {
  const matchers = Object.entries(labels)
    .filter(([name, value]) => name !== 'severity' && HARMLESS.test(value))
    .map(([name, value]) => `'${name}="${value}"'`);
  return [
    `look closer: creance incidents ${reference.split('.')[0]}`,
    `accept, if it is as it should be: creance accept ${reference} --expires 30d --reason '…'`,
    ...(matchers.length > 1
      ? [`silence: amtool silence add --duration=2h --comment='looking into it' ${matchers.join(' ')}`]
      : []),
  ];
};
