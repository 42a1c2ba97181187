import { type AgentPattern, type AgentSpec, matches, matchesAny, type ProcessFacts } from '../model/catalogue.ts';
import type { Recognition } from '../model/session.ts';

/** An agent known by its own process. */
export interface Recognised {
  readonly spec: AgentSpec;
  readonly recognition: Recognition;
}

/** The agent whose process this is, by the surest of all patterns that fit. */
export const recognise = (catalogue: readonly AgentSpec[], facts: ProcessFacts): Recognised | undefined => {
  let best: { spec: AgentSpec; pattern: AgentPattern } | undefined;
  for (const spec of catalogue) {
    for (const pattern of spec.processes) {
      if (best && best.pattern.confidence >= pattern.confidence) continue;
      if (matches(pattern, facts) && !matchesAny(spec.except, facts)) best = { spec, pattern };
    }
  }
  if (!best) return undefined;
  const { spec, pattern } = best;
  return { spec, recognition: { confidence: pattern.confidence, evidence: [describePattern(pattern)] } };
};

/** `executable and command line: npm package`. */
export const describePattern = (pattern: AgentPattern): string => {
  const parts = [
    ...(pattern.exepath || pattern.exe ? ['executable'] : []),
    ...(pattern.cmdline || pattern.args ? ['command line'] : []),
  ].join(' and ');
  return pattern.note === undefined ? parts : `${parts}: ${pattern.note}`;
};
