import { type Finding, type Severity, severityAtLeast } from '../model/verdict.ts';
import { printable } from '../platform/printable.ts';

/** A timeline that went through the pipe, and what was found in it. */
export interface TrialLine {
  readonly rule: string;
  readonly level: Severity;
  readonly covers: readonly string[];
  readonly name: string;
  readonly expect: 'match' | 'quiet';
  readonly untold?: string;
  readonly findings: readonly Finding[];
}

/** Whether the trial went as it should: found by its rule, or no sequence alerted. What is new is no part of it. */
const isRight = ({ rule, expect, findings }: TrialLine, floor: Severity): boolean => {
  const sequences = findings.filter(({ detector }) => detector === 'sequence');
  if (expect === 'match') return sequences.some((finding) => finding.rule === rule);
  return !sequences.some((finding) => finding.rule === rule || severityAtLeast(finding.severity, floor));
};

export interface SelftestReport {
  readonly text: string;
  readonly ok: boolean;
}

/** Class by class: would this installation have alerted, and by which rules? */
export const selftestReport = (trials: readonly TrialLine[], floor: Severity): SelftestReport => {
  const told = trials.filter(({ untold }) => untold === undefined);
  const wrong = told.filter((trial) => !isRight(trial, floor));
  const classes = [...new Set(trials.flatMap(({ covers }) => covers))].sort();
  const lines = classes.map((name) => classLine(name, told, floor));
  const failures = wrong.map(({ rule, name, expect, findings }) => {
    const got = [...new Set(findings.map((finding) => finding.rule))].join(', ') || 'nothing';
    return `failed    ${rule}: ${printable(name, 80)}: should ${expect === 'match' ? 'be found' : 'stay quiet'}; found ${got}\n`;
  });
  const apart = trials.length - told.length;
  const aside = apart === 0 ? '' : `; ${apart} cannot be told as events, see creance rules test`;
  const end = `${told.length - wrong.length} of ${told.length} timelines as they should be${aside}\n`;
  const missed = lines.filter((line) => !line.ok).length;
  return {
    text: [...lines.map(({ text }) => text), ...failures, end].join(''),
    ok: wrong.length === 0 && missed === 0,
  };
};

const classLine = (name: string, trials: readonly TrialLine[], floor: Severity) => {
  const meant = trials.filter(({ covers, expect }) => covers.includes(name) && expect === 'match');
  const found = meant.filter((trial) => trial.findings.some(({ rule }) => rule === trial.rule));
  const alerts = found.filter(({ findings }) => findings.some(({ severity }) => severityAtLeast(severity, floor)));
  const by = [...new Set(alerts.map(({ rule }) => rule))].join(', ');
  const outcome = alerts.length > 0 ? 'alerts' : found.length > 0 ? 'noticed' : meant.length > 0 ? 'missed' : 'untold';
  const rules = by || [...new Set(found.map(({ rule }) => rule))].join(', ');
  return { ok: outcome !== 'missed', text: `${name}  ${outcome.padEnd(8)}  ${rules}\n` };
};
