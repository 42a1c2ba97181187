import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { group } from '../../src/action/stage.ts';
import { configSchema } from '../../src/config.ts';
import { decode } from '../../src/decode/stage.ts';
import type { AgentAction } from '../../src/model/action.ts';
import type { SessionEnd, SessionGap, SessionStart } from '../../src/model/traced.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createLog } from '../../src/platform/log.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { loadCatalogue } from '../../src/process/catalogue.ts';
import { trace } from '../../src/process/stage.ts';
import { fileSource } from '../../src/source/file.ts';
import { rethrow } from '../support/rethrow.ts';

/** What the judge is given. */
export type Judged = AgentAction | SessionStart | SessionEnd | SessionGap;

/** What really happened in a recording. */
export interface Truth {
  readonly agent: string;
  readonly task: string;
  readonly attack: { readonly name: string } | null;
  /** The stretch of the malicious calls, with the slack that the score gives. */
  readonly from: bigint;
  readonly to: bigint;
}

export interface Recording {
  readonly name: string;
  readonly truth: Truth;
  readonly inputs: readonly Judged[];
}

const SLACK = 3_000_000_000n;
const config = configSchema.parse({});
const log = createLog({ ...config.log, level: 'fatal' });

/** Every recording of a directory as the judge would see it: the stages before it run once, whatever is tried after. */
export const loadRecordings = async (directory: string): Promise<readonly Recording[]> => {
  const recordings: Recording[] = [];
  for (const file of readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()) {
    const name = file.replace(/\.jsonl\.gz$/, '');
    const inputs: Judged[] = [];
    const registry = createRegistry();
    const catalogue = loadCatalogue([]);
    const source = fileSource(join(directory, file), config.source, {
      log,
      clock: systemClock,
      registry,
      stop: new AbortController().signal,
    });
    const judged = source.pipe(
      decode({ log, registry, onFault: rethrow }),
      trace(catalogue, config.process, { registry, onFault: rethrow }),
      group(catalogue, config.action, { registry, onFault: rethrow }),
      tap((item) => {
        if (item.type !== 'tick') inputs.push(item);
      }),
    );
    await lastValueFrom(judged, { defaultValue: undefined });
    recordings.push({ name, truth: readTruth(join(directory, `${name}.truth.json`), name), inputs });
  }
  return recordings;
};

interface Call {
  readonly start: string;
  readonly end: string;
  readonly malicious: boolean;
}

/** Recordings without a truth file are taken for clean sessions of a task of their own. */
const readTruth = (file: string, name: string): Truth => {
  if (!existsSync(file)) return { agent: 'unknown', task: name, attack: null, from: 0n, to: 0n };
  const { agent, task, attack, calls } = JSON.parse(readFileSync(file, 'utf8'));
  const bad = (calls as Call[]).filter(({ malicious }) => malicious);
  return {
    agent,
    task,
    attack,
    from: BigInt(bad[0]?.start ?? 0),
    to: BigInt(bad.at(-1)?.end ?? 0) + SLACK,
  };
};
