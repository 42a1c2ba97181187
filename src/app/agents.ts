import type { Config } from '../config.ts';
import type { AgentSummary, Example, Explanation } from '../model/explanation.ts';
import { loadCatalogue } from '../process/catalogue.ts';
import { explain, summarise } from '../process/explain.ts';

/** The catalogue of agents in force. Throws with one message that names file, line and mend. */
export const listAgents = ({ process }: Config): readonly AgentSummary[] => summarise(loadCatalogue(process.agents));

/** Which agents an example process would be taken for, and why. Throws as `listAgents` does. */
export const explainAgents = ({ process }: Config, example: Example): readonly Explanation[] =>
  explain(loadCatalogue(process.agents), example);
