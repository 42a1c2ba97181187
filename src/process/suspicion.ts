import { type AgentSpec, argsOf, matches, type ProcessFacts } from '../model/catalogue.ts';
import type { Recognition } from '../model/session.ts';
import { isLauncher } from './launcher.ts';

/**
 * Weak evidence that a process is an agent under another name, and what each kind is worth. No one of them is enough
 * but a child that got an agent's marker from this very process.
 */
export const WEAK_EVIDENCE = {
  'command line: arguments of this agent': 0.4,
  'config directory: opened': 0.4,
  'environment: a child carries the marker, this process does not': 0.65,
  'environment: a child carries the marker, this process was not seen': 0.45,
  'ancestry: parent of a tool shell': 0.5,
} as const;
export type WeakEvidence = keyof typeof WEAK_EVIDENCE;

/** The confidence from which on a suspected process counts as an agent. */
export const ENOUGH = 0.6;

/** What speaks for each agent. */
export type Suspicions = Map<AgentSpec, Set<WeakEvidence>>;

/** Independent pieces: each takes its share of the doubt that the others leave. Two decimals. */
export const weigh = (evidence: Iterable<WeakEvidence>): Recognition => {
  const pieces = [...evidence].sort();
  const doubt = pieces.reduce((left, piece) => left * (1 - WEAK_EVIDENCE[piece]), 1);
  return { confidence: Math.round((1 - doubt) * 100) / 100, evidence: pieces };
};

/** Agents whose arguments a command line has. Shells and wrappers carry the arguments of what they start. */
export const looksLike = (catalogue: readonly AgentSpec[], facts: ProcessFacts): readonly AgentSpec[] => {
  if (isLauncher(facts.exepath)) return [];
  const args = argsOf(facts);
  return catalogue.filter(({ looks }) => looks.length > 0 && looks.some((pattern) => pattern.test(args)));
};

/** Agents below whose own directories a path lies. */
export const ownersOf = (catalogue: readonly AgentSpec[], path: string): readonly AgentSpec[] =>
  path.includes('/.') ? catalogue.filter(({ config }) => config.some((pattern) => pattern.test(path))) : [];

/** The agent's markers in an environment. */
export const markersIn = ({ markers }: AgentSpec, env: Readonly<Record<string, string>>): readonly string[] =>
  markers.filter((name) => env[name] !== undefined);

/** True for a shell in the form in which this agent runs the model's commands. */
export const isToolShell = ({ calls }: AgentSpec, facts: ProcessFacts): boolean =>
  calls.some(({ match }) => (match.cmdline ?? match.args) !== undefined && matches(match, facts));
