import pc from 'picocolors';
import { CHECK_AREAS, CHECK_STATUSES, type Check, type CheckStatus } from '../model/check.ts';
import { printable } from '../platform/printable.ts';

const MARKS: Readonly<Record<CheckStatus, string>> = { ok: '✓', warning: '!', problem: '✗', skipped: '–' };
const MAX_TEXT = 1_000;
const INDENT = '      ';

/** Checks for people: by area, each finding with its mend below it, and one line that sums up. */
export const renderChecks = (checks: readonly Check[], colour: boolean): string => {
  const colours = pc.createColors(colour);
  const paint: Readonly<Record<CheckStatus, (text: string) => string>> = {
    ok: colours.green,
    warning: colours.yellow,
    problem: colours.red,
    skipped: colours.dim,
  };
  const show = ({ status, name, detail, fix }: Check): readonly string[] => [
    `  ${paint[status](MARKS[status])} ${colours.bold(safe(name))}: ${safe(detail)}`,
    ...(fix === undefined ? [] : fix.split('\n').map((line) => `${INDENT}${colours.cyan(safe(line))}`)),
  ];
  const areas = CHECK_AREAS.flatMap((area) => {
    const own = checks.filter((check) => check.area === area);
    return own.length === 0 ? [] : [colours.bold(area), ...own.flatMap(show), ''];
  });
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const sum = CHECK_STATUSES.filter((status) => count(status) > 0).map((status) =>
    paint[status](`${count(status)} ${status}`),
  );
  return `${[...areas, sum.join(', ')].join('\n')}\n`;
};

/** The same for machines: one JSON document. */
export const checksJson = (checks: readonly Check[]): string =>
  `${JSON.stringify({ ok: !hasProblem(checks), checks }, null, 2)}\n`;

/** Whether something will not work. */
export const hasProblem = (checks: readonly Check[]): boolean => checks.some(({ status }) => status === 'problem');

/** What a falco.yaml holds and what servers answer are somebody else's words. The indentation of YAML is ours. */
const safe = (text: string): string => {
  const indent = /^ */.exec(text)?.[0] ?? '';
  return indent + printable(text.slice(indent.length), MAX_TEXT);
};
