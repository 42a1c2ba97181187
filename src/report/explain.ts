import { z } from 'zod';
import { READINESS } from '../model/deviation.ts';
import { SEVERITIES } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';

const deviation = z.object({
  score: z.number(),
  threshold: z.number(),
  pValue: z.number(),
  readiness: z.enum(READINESS),
  sessions: z.number(),
  unusual: z.array(z.object({ what: z.string(), order: z.boolean(), score: z.number(), seen: z.number() })),
  expected: z.array(z.object({ symbol: z.string(), times: z.number(), of: z.number() })),
});
type Deviation = z.infer<typeof deviation>;

const finding = z.object({
  detector: z.string(),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  at: z.string(),
  actions: z.array(z.number()),
  summary: z.string(),
  techniques: z.array(z.string()).default([]),
  deviation: deviation.optional(),
});
type Finding = z.infer<typeof finding>;

/** A line that `creance replay --format verdicts` printed, as far as an explanation needs it. */
const verdict = z.object({
  recording: z.string().default(''),
  session: z.string(),
  agent: z.string().default(''),
  findings: z.array(finding),
});

const MAX_TEXT = 300;

/**
 * Every finding of the sessions that `wanted` names, by id or by recording, with what it was held against. Undefined when no
 * line is about such a session.
 */
export const explainVerdicts = (lines: readonly string[], wanted: string): string | undefined => {
  const blocks: string[] = [];
  for (const line of lines) {
    const read = verdict.safeParse(toJson(line));
    if (!read.success) continue;
    const { session, recording, agent, findings } = read.data;
    if (session !== wanted && recording !== wanted) continue;
    blocks.push(
      [
        `${show(session)}  ${show(agent)}  ${show(recording)}`,
        ...(findings.length === 0 ? ['  nothing to report'] : findings.flatMap(findingLines)),
        '',
      ].join('\n'),
    );
  }
  return blocks.length > 0 ? blocks.join('\n') : undefined;
};

const toJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const findingLines = ({ severity, detector, rule, at, actions, summary, techniques, deviation }: Finding) => [
  '',
  `  ${severity} ${show(detector)} ${show(rule)}  ${new Date(Number(BigInt(at) / 1_000_000n)).toISOString()}  action${actions.length === 1 ? '' : 's'} ${actions.join(', ')}`,
  `    ${show(summary)}`,
  ...(techniques.length > 0 ? [`    known as ${techniques.map(show).join(', ')}`] : []),
  ...(deviation ? deviationLines(deviation) : ['    a known-bad sequence: no baseline is asked']),
];

const STATE: Readonly<Record<Deviation['readiness'], string>> = {
  cold: 'nothing was learned in this scope yet: held against what ships for this agent',
  learning: 'the scope is still learning',
  ready: 'the scope’s baseline is ready',
  stale: 'the scope has not learned for long',
};

const deviationLines = ({ score, threshold, pValue, readiness, sessions, unusual, expected }: Deviation) => [
  `    score ${score.toFixed(1)}, an alert from ${threshold.toFixed(1)}; ${STATE[readiness]} (${count(sessions, 'session')})`,
  ...(sessions > 0 ? [`    of clean sessions ${(pValue * 100).toFixed(0)} % at most are as unusual`] : []),
  '    expected here:',
  ...(expected.length === 0
    ? ['      nothing: no session has come this way before']
    : expected.map(({ symbol, times, of }) => `      ${show(symbol)}, ${times} of ${of} times`)),
  '    came instead:',
  ...unusual.map(({ what, order, score: adds, seen }) => {
    const kind = order ? 'known, but not in this order' : seen === 0 ? 'new' : 'rare';
    return `      ${show(what)}: ${kind}, in ${seen} of ${count(sessions, 'session')}; adds ${adds.toFixed(1)}`;
  }),
];

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const show = (text: string): string => printable(text, MAX_TEXT);
