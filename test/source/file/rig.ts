import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pino } from 'pino';
import type { RawRecord } from '../../../src/model/record.ts';
import { type Clock, systemClock } from '../../../src/platform/clock.ts';
import { createRegistry } from '../../../src/platform/metrics.ts';
import { type SourceConfig, sourceConfig } from '../../../src/source/config.ts';
import { fileSource } from '../../../src/source/file.ts';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'creance-file-'));

export const line = (n: number): string =>
  `{"rule":"Agent exec","output_fields":{},"n":${n},"time":"2026-11-23T01:51:29.${String(n).padStart(9, '0')}Z"}`;

interface Options {
  readonly file?: Partial<SourceConfig['file']>;
  readonly clock?: Clock;
  readonly stdin?: Readable;
}

/** Runs a file source; `texts` are the lines as they come, `done` settles with the end or the failure. */
export const run = (path: string, { file = {}, clock = systemClock, stdin }: Options = {}) => {
  const config = sourceConfig.parse({ file: { pollMs: 5, ...file } });
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (text) => logged.push(JSON.parse(text).msg) });
  const registry = createRegistry();
  const stop = new AbortController();
  const records: RawRecord[] = [];
  const health: string[] = [];
  const deps = { log, clock, registry, stop: stop.signal, health: (ready: boolean) => health.push(String(ready)) };
  const done = new Promise<void>((resolve, reject) => {
    fileSource(path, config, deps, stdin).subscribe({ next: (r) => records.push(r), error: reject, complete: resolve });
  });
  const texts = () => records.flatMap((record) => (record.type === 'json' ? [record.text] : []));
  const gaps = () => records.filter((record) => record.type === 'gap');
  const faults = async (fault: string) => {
    const { values } = (await registry.getSingleMetric('creance_file_faults_total')?.get()) ?? { values: [] };
    return values.find(({ labels }) => labels.fault === fault)?.value;
  };
  return { records, texts, gaps, logged, health, registry, stop: () => stop.abort(), done, faults };
};
