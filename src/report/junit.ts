import { type Finding, severityAtLeast } from '../model/verdict.ts';
import { clockTime } from './clock-time.ts';
import { escaped } from './markup.ts';
import type { Render, ReportContext } from './report-context.ts';
import type { SessionReport } from './session-report.ts';
import { scopeText } from './sessions-text.ts';
import { byWorst } from './severity.ts';

const MAX_NAME = 250;
const MAX_TEXT = 2_000;

/**
 * JUnit XML: one test suite for each session. Its test cases are whether the session was seen whole, and each rule that
 * found something; a rule fails when its findings reach the floor. Without findings, one test case passes.
 */
export const junit: Render = (sessions, context) => {
  const suites = sessions.map((report) => suite(report, context));
  const sum = (key: 'tests' | 'failures') => suites.reduce((total, one) => total + one[key], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="creance" tests="${sum('tests')}" failures="${sum('failures')}" errors="0">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
};

const suite = (report: SessionReport, { floor }: ReportContext) => {
  const { session, findings, gaps, end, recording } = report;
  const classname = `creance.${session.agent}`;
  const cases = [...byRule(findings)].map(([rule, found]) => {
    const fails = byWorst(found).filter(({ severity }) => severityAtLeast(severity, floor));
    return { fails: fails.length > 0, xml: ruleCase(classname, rule, fails, report) };
  });
  const failures = cases.filter(({ fails }) => fails).length;
  const skipped = gaps.length > 0 ? 1 : 0;
  const seen = `    <testcase classname="${attribute(classname)}" name="the session was seen whole"`;
  const whole =
    skipped > 0
      ? `${seen}><skipped message="${attribute(gaps.map(({ cause }) => cause).join(', '))}"/></testcase>`
      : `${seen}/>`;
  const clean =
    failures === 0
      ? [`    <testcase classname="${attribute(classname)}" name="nothing from ${floor} upwards was found"/>`]
      : [];
  const tests = cases.length + 1 + clean.length;
  const seconds = (Number((end - session.start) / 1_000_000n) / 1_000).toFixed(3);
  const name = attribute(`${recording}: ${session.agent}, ${scopeText(report)}`);
  const timestamp = new Date(Number(session.start / 1_000_000n)).toISOString().slice(0, 19);
  const head = `  <testsuite name="${name}" id="${attribute(session.id)}" tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds}" timestamp="${timestamp}">`;
  return { tests, failures, xml: [head, whole, ...clean, ...cases.map(({ xml }) => xml), '  </testsuite>'].join('\n') };
};

/** Findings by the rule that raised them, in order of first appearance. */
const byRule = (findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> => {
  const rules = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = `${finding.detector} ${finding.rule}`;
    rules.set(name, [...(rules.get(name) ?? []), finding]);
  }
  return rules;
};

const ruleCase = (classname: string, name: string, fails: readonly Finding[], { session }: SessionReport): string => {
  const head = `    <testcase classname="${attribute(classname)}" name="${attribute(name)}"`;
  const [first] = fails;
  if (!first) return `${head}/>`;
  const lines = fails.flatMap(({ severity, at, summary, expected }) => [
    `${severity} at ${clockTime(at)}: ${escaped(summary, MAX_TEXT)}`,
    ...(expected === undefined ? [] : [`usual here: ${escaped(expected, MAX_TEXT)}`]),
  ]);
  return [
    `${head}>`,
    `      <failure type="${first.severity}" message="${attribute(first.summary)}">`,
    [...lines, `session ${escaped(session.id, MAX_NAME)}`].join('\n'),
    '      </failure>',
    '    </testcase>',
  ].join('\n');
};

const attribute = (text: string): string => escaped(text, MAX_NAME);
