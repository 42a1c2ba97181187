import type { Config } from '../config.ts';
import { describeFacts, inspectRules, proveRules } from '../detect/sequence/inspect.ts';
import { loadSequenceRules, type SequenceRule } from '../detect/sequence/rule.ts';

/** The rules for sequences that are in force. Throws an Error that says what is wrong in them, and where. */
export const listRules = ({ detect: { sequence } }: Config): readonly SequenceRule[] =>
  loadSequenceRules(sequence.rules);

/** The rules of these files, or of all that are in force, with all that is wrong in them. */
export const lintRules = ({ detect: { sequence } }: Config, files: readonly string[]) =>
  files.length > 0 ? inspectRules(files, false) : inspectRules(sequence.rules);

/** What the rules' own timelines show. */
export const testRules = (config: Config, files: readonly string[]) => {
  const { rules, problems } = lintRules(config, files);
  return { problems, proofs: problems.length > 0 ? [] : proveRules(rules) };
};

export const factsOfRules = describeFacts;
