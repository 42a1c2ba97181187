import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { recall } from '../../src/detect/recall.ts';
import { ManualClock } from '../../src/platform/clock.ts';
import { until } from '../support/until.ts';
import { judged, newBaselines } from './actions.ts';

let clock: ManualClock;
let stop: AbortController;
let said: string[];
let health: string[];
let tries: number;
beforeEach(() => {
  clock = new ManualClock();
  stop = new AbortController();
  said = [];
  health = [];
  tries = 0;
});

/** What was learned can be read at the `times`-th try. */
const start = (times: number): Promise<void> =>
  recall(
    async () => {
      if (++tries < times) throw new Error(`not at try ${tries}`);
    },
    {
      log: pino({}, { write: (line) => said.push(JSON.parse(line).msg) }),
      clock,
      signal: stop.signal,
      health: (ready, detail) => health.push(`${ready ? 'ready' : 'not ready'}: ${detail.replace(/^.*: /, '')}`),
    },
  );
const advance = () => until(() => clock.advance(30_000) ?? true);

describe('recall', () => {
  it('reads at once what can be read, and says nothing of it', async () => {
    await start(1);
    expect(said).toEqual([]);
    expect(health).toEqual(['ready: what was learned is read']);
  });

  it('holds nobody up, goes on trying, and tells the trouble once and its end', async () => {
    await start(4);
    expect(tries).toBe(1);
    await until(async () => (await advance()) && tries === 4);
    await until(() => said.length === 2);
    expect(said).toEqual([
      'what was learned cannot be read yet; sessions are judged without it',
      'what was learned is read; sessions that begin now are judged with it',
    ]);
    expect(health).toEqual([
      'not ready: not at try 1',
      'not ready: not at try 2',
      'not ready: not at try 3',
      'ready: what was learned is read',
    ]);
  });

  it('ends when it is told to', async () => {
    await start(Number.POSITIVE_INFINITY);
    stop.abort();
    for (let turn = 0; turn < 5; turn++) await advance();
    expect(tries).toBe(1);
    expect(said).toHaveLength(1);
  });
});

describe('a session that began before what was learned had been read', () => {
  it('is doubted, and so waits for a person', () => {
    const baselines = newBaselines();
    expect(judged([], baselines).lesson?.doubts).toEqual([]);
    baselines.complete = false;
    expect(judged([], baselines).lesson?.doubts).toMatchObject([{ kind: 'blind' }]);
  });
});
