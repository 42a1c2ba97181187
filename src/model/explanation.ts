import type { ProcessFacts } from './catalogue.ts';

/** What an agent is recognised by. */
export type EvidenceKind = 'executable' | 'command line' | 'environment' | 'config directory' | 'ancestry';

/** One agent of the catalogue, as a list shows it. */
export interface AgentSummary {
  readonly id: string;
  readonly name: string;
  readonly verified: boolean;
  readonly evidence: readonly EvidenceKind[];
}

/** A process that somebody asks about. */
export interface Example extends ProcessFacts {
  readonly env: Readonly<Record<string, string>>;
}

/** What one entry of the catalogue makes of an example. */
export interface Explanation {
  readonly id: string;
  readonly name: string;
  /** `suspected`: weak evidence, which alone is not enough; `child`: it is marked as something that this agent started. */
  readonly verdict: 'agent' | 'suspected' | 'child' | 'no';
  readonly confidence: number;
  readonly evidence: readonly string[];
  /** Why it is not taken for this agent. */
  readonly reasons: readonly string[];
}
