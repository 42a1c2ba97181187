import { CorrelationCompiler } from './compile/correlation.ts';
import { SelectionCompiler } from './compile/selection.ts';
import type { SequenceRule } from './definition.ts';
import type { Places, RuleProblem } from './problem.ts';
import type { RuleText } from './schema.ts';

/** Gives a rule as it is written its meaning, and collects what makes no sense in it. */
export const compileRule = (text: RuleText, places: Places, file: string) => {
  const problems: RuleProblem[] = [];
  const selections = new SelectionCompiler(places, problems).all(text.detection);
  const correlation = new CorrelationCompiler(places, problems, selections).compile(text.correlation);
  const { id, title, description, level, tags, covers, falsepositives, housekeeping, once, tests } = text;
  const rule: SequenceRule = {
    id,
    title,
    description: description.trim(),
    level,
    tags,
    covers,
    falsepositives,
    housekeeping,
    once,
    correlation,
    tests,
    file,
  };
  return { rule, problems };
};
