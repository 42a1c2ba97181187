import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LineSplitter } from '../../src/source/file/lines.ts';
import { runCreance, type Usage } from './creance.ts';
import { alone, type Cost, inTurns, spread, startMeter } from './measure.ts';
import { printComparison, printTitle } from './print.ts';
import { sized } from './size.ts';
import { synthesise } from './synthesise.ts';

/**
 * `creance replay` of one big file through all stages: the built program as a whole process, with its start and without,
 * against a loop that splits the same file into lines and parses them.
 */
const EVENTS = sized(200_000, 20_000);
const ROUNDS = sized(5, 1);

const directory = await mkdtemp(join(tmpdir(), 'creance-bench-'));
const write = async (name: string, events: number): Promise<string> => {
  const path = join(directory, name);
  await pipeline(Readable.from(synthesise(events)), createWriteStream(path));
  return path;
};
const file = await write('events.jsonl', EVENTS);
const nearlyNothing = await write('one.jsonl', 1);

let bytes = 0;
const parseAll = async (): Promise<Cost> => {
  const stop = startMeter();
  bytes = 0;
  let events = 0;
  const lines = new LineSplitter({
    maxLineBytes: 4_194_304,
    onLine: (line) => {
      if (JSON.parse(line).rule) events++;
    },
    onTooLong: () => {},
  });
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
    bytes += chunk.length;
    lines.push(chunk);
  }
  return stop(events, bytes);
};

const replay = (path: string): Promise<Usage> =>
  runCreance(['replay', '--frozen', '--store', 'memory:', '--format', 'verdicts', path]);

const comparison = await inTurns(
  async (): Promise<Cost> => ({ ...(await replay(file)), events: EVENTS, bytes }),
  parseAll,
  ROUNDS,
);
const starts = await alone(
  async (): Promise<Cost> => ({ ...(await replay(nearlyNothing)), events: 1, bytes: 0 }),
  sized(3, 1),
);
const start = {
  cpuMicros: spread(starts.map(({ cpuMicros }) => cpuMicros)).median,
  wallMicros: spread(starts.map(({ wallMicros }) => wallMicros)).median,
};
const running = comparison.ours.map(
  (cost): Cost => ({
    ...cost,
    cpuMicros: cost.cpuMicros - start.cpuMicros,
    wallMicros: cost.wallMicros - start.wallMicros,
  }),
);

printTitle('replay');
printComparison('all stages, whole process', 'bare JSON.parse loop', comparison);
printComparison(
  `all stages, without ${(start.cpuMicros / 1e6).toFixed(2)} s of start`,
  'bare JSON.parse loop',
  { ...comparison, ours: running },
  { ratio: 0.3, orEventsPerSecond: 40_000 },
);
await rm(directory, { recursive: true });
