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
/** What the first try waits for. */
let hanging: Promise<void> | undefined;
beforeEach(() => {
  clock = new ManualClock();
  stop = new AbortController();
  said = [];
  health = [];
  tries = 0;
  hanging = undefined;
});

/** What was learned can be read at the `times`-th try. */
const start = (times: number): Promise<void> =>
  recall(
    async () => {
      if (++tries === 1) await hanging;
      if (tries < times) throw new Error(`not at try ${tries}`);
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

  it('waits two seconds for a store that hangs, and goes on with its late answer', async () => {
    let answer = (): void => {};
    hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const starting = start(1);
    clock.advance(1_999);
    expect(health).toEqual([]);
    clock.advance(1);
    await starting;
    expect(health).toEqual(['not ready: no answer within 2 s']);
    answer();
    await until(() => said.length === 2);
    expect(said).toEqual([
      'what was learned cannot be read yet; sessions are judged without it',
      'what was learned is read; sessions that begin now are judged with it',
    ]);
    expect(health[1]).toBe('ready: what was learned is read');
    expect(tries).toBe(1);
  });

  it('tells a store that hangs, and then fails, once, and tries on', async () => {
    let fail = (_: Error): void => {};
    hanging = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const starting = start(2);
    clock.advance(2_000);
    await starting;
    fail(new Error('timed out'));
    await until(async () => (await advance()) && said.length === 2);
    expect(health).toEqual([
      'not ready: no answer within 2 s',
      'not ready: timed out',
      'ready: what was learned is read',
    ]);
  });

  it('keeps nobody who is told to end waiting for a store that hangs', async () => {
    hanging = new Promise(() => {});
    const starting = start(1);
    stop.abort();
    await starting;
    expect([said, health]).toEqual([[], []]);
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
