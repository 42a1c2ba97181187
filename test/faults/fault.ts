import { expect } from 'vitest';
import type { HealthReport } from '../../src/platform/health.ts';
import type { Fault } from './row.ts';
import { type FaultId, faults } from './rows.ts';

/** The row that a test proves. Every row is asked for by one test at least. */
export const fault = (id: FaultId): Fault => faults[id];

export interface LogLine {
  readonly level: number;
  readonly msg: string;
}

/** Changes of readiness are lines of their own, the same for every part. */
const READINESS = ['ready', 'not ready'];
const WARN = 40;

const isSaid = (expected: string, said: string): boolean =>
  expected.endsWith('…') ? said.startsWith(expected.slice(0, -1)) : said === expected;

const warnings = (lines: readonly LogLine[]): readonly string[] =>
  lines.filter(({ level, msg }) => level >= WARN && !READINESS.includes(msg)).map(({ msg }) => msg);

/** The row's own messages among the lines of a log, as the row has them. */
const own = ({ log }: Fault, lines: readonly LogLine[]): readonly string[] =>
  lines.flatMap(({ msg }) => log.find((expected) => isSaid(expected, msg)) ?? []);

/** Holds the log to the row: its messages once an episode and in order, and no other warning. */
export const expectLog = (row: Fault, lines: readonly LogLine[], episodes = 1): void => {
  expect(own(row, lines)).toEqual(Array.from({ length: episodes }, () => row.log).flat());
  expect(warnings(lines).filter((msg) => !row.log.some((expected) => isSaid(expected, msg)))).toEqual([]);
};

/** The same where other parts are hit as well: they have rows of their own, and tell each trouble once too. */
export const expectLogAmongOthers = (row: Fault, lines: readonly LogLine[]): void => {
  expect(own(row, lines)).toEqual(row.log);
  expect(warnings(lines)).toEqual([...new Set(warnings(lines))]);
};

/** Holds what `/readyz` answers during the fault to the row. */
export const expectReadyz = ({ readyz }: Fault, { ready, components }: HealthReport): void => {
  expect(ready).toBe(readyz.ready);
  if (readyz.part === undefined) return;
  expect(components[readyz.part]).toMatchObject({
    ready: readyz.ready,
    detail: expect.stringMatching(new RegExp(`^${readyz.detail ?? ''}`)),
  });
};

/** Holds the text of the metrics to the row: each of its counters is above zero. */
export const expectCounted = ({ counters }: Fault, metrics: string): void => {
  for (const counter of counters) expect([counter, sumOf(metrics, counter) > 0]).toEqual([counter, true]);
};

/** The sum of a metric's samples whose labels hold `labels`, written as in `name{key="value"}`. */
export const sumOf = (metrics: string, counter: string): number => {
  const [name = '', labels = ''] = counter.split(/[{}]/);
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => labels.split(',').every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
};
