import type { Check } from '../../model/check.ts';
import type { SourceConfig } from '../config.ts';
import type { Transport } from '../transport.ts';
import type { FalcoRelease } from './release.ts';
import type { FalcoSettings } from './settings.ts';

/** What a falco.yaml is held against. */
export interface Wanted {
  readonly source: SourceConfig;
  readonly transport: Transport;
  /** Absent where nobody knows which Falco will read the file. */
  readonly release?: FalcoRelease | undefined;
}

/** One look at a falco.yaml; nothing to say is an answer too. */
export type ConfigCheck = (settings: FalcoSettings, wanted: Wanted) => readonly Check[];
