import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FalcoDouble, startFalco } from '../../support/falco-double.ts';
import { numbered, timeOf } from '../../support/falco-messages.ts';
import { runGrpcSource, type SourceRun } from '../../support/source-run.ts';
import { until } from '../../support/until.ts';

let falco: FalcoDouble;
let source: SourceRun;
const reasons = () => source.log.flatMap(({ reason }) => reason ?? []);
const lastLine = () => source.log.at(-1)?.msg;

beforeEach(async () => {
  falco = await startFalco();
  source = runGrpcSource(falco.url);
  await source.connected();
  await until(() => falco.streams === 1);
});
afterEach(() => {
  source.unsubscribe();
  falco.dispose();
});

describe('comes back by itself', () => {
  test('after Falco stopped in good order and started again', async () => {
    await falco.stop();
    await until(() => reasons().includes('socket-missing'));
    expect(reasons()).toEqual(['falco-stopped', 'socket-missing']);
    await falco.start();
    await source.connected(2);
    falco.push(numbered(1));
    await until(() => source.numbers.length === 1);
    expect(lastLine()).toMatch(/^Connected again to .*whose socket was re-created$/);
  });

  test('when Falco starts after us', async () => {
    await falco.stop();
    const late = runGrpcSource(falco.url);
    await until(() => late.log.length === 1);
    await falco.start();
    await late.connected();
    expect(late.gaps).toEqual([]);
    late.unsubscribe();
  });

  test('when the socket vanishes under a Falco that does not end the stream', async () => {
    const stopped = falco.stop({ deaf: true });
    await stopped; // Settles only because the client lets go.
    expect(reasons()[0]).toBe('socket-vanished');
    await falco.start();
    await source.connected(2);
  });

  test('when another Falco takes the address while the old one hangs', async () => {
    const stopped = falco.stop({ deaf: true });
    await falco.start();
    await stopped;
    await source.connected(2);
    expect(['socket-replaced', 'socket-vanished']).toContain(reasons()[0]);
  });
});

describe('tells', () => {
  test('each trouble once, however often it tries', async () => {
    await falco.stop();
    await until(async () => ((await source.metric('creance_source_reconnects_total')) ?? 0) > 8);
    expect(reasons()).toEqual(['falco-stopped', 'socket-missing']);
    expect(await source.metric('creance_source_connected')).toBe(0);
    expect(source.health.at(-1)?.ready).toBe(false);
    await falco.start();
    await source.connected(2);
    expect(await source.metric('creance_source_connected')).toBe(1);
  });

  test('the same trouble again in the next episode', async () => {
    for (const times of [2, 3]) {
      falco.kill();
      await falco.start();
      await source.connected(times);
    }
    expect(reasons().filter((reason) => reason === 'connection-lost')).toHaveLength(2);
  });

  test('a vanished file from a stale one', async () => {
    falco.kill();
    await until(() => reasons().includes('socket-stale'));
    rmSync(falco.socket as string);
    await until(() => reasons().includes('socket-missing'));
    expect(source.log.filter(({ level }) => level >= 40).map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^The connection to Falco was lost: /),
      expect.stringMatching(/^Nobody listens on the socket .*killed left it behind/),
      expect.stringMatching(/^There is no socket .*Falco is not running/),
    ]);
  });
});

describe('a gap', () => {
  test('stands between the last event before and the first event after, just before the latter', async () => {
    falco.push(numbered(1), numbered(2));
    await until(() => source.numbers.length === 2);
    await falco.stop();
    await falco.start();
    falco.push(numbered(60), numbered(61));
    await until(() => source.numbers.length === 4);
    expect(source.records.map(({ type }) => type)).toEqual(['proto', 'proto', 'gap', 'proto', 'proto']);
    expect(source.gaps).toEqual([{ type: 'gap', cause: 'disconnect', from: timeOf(2), to: timeOf(60) }]);
  });

  test('spans several failures as one', async () => {
    falco.push(numbered(1));
    await until(() => source.numbers.length === 1);
    for (const times of [2, 3]) {
      falco.kill();
      await falco.start();
      await source.connected(times);
    }
    falco.push(numbered(9));
    await until(() => source.numbers.length === 2);
    expect(source.gaps).toEqual([{ type: 'gap', cause: 'disconnect', from: timeOf(1), to: timeOf(9) }]);
  });

  test('keeps its place through many reconnects: order is never broken, nothing comes twice', async () => {
    for (let life = 1; life <= 5; life += 1) {
      const before = source.numbers.length;
      falco.push(...[0, 1, 2].map((n) => numbered(life * 100 + n)));
      await until(() => source.numbers.length === before + 3);
      if (life % 2 === 0) falco.kill();
      else await falco.stop();
      await falco.start();
      await source.connected(life + 1);
    }
    const lives = [1, 2, 3, 4, 5];
    expect(source.numbers).toEqual(lives.flatMap((life) => [0, 1, 2].map((n) => life * 100 + n)));
    expect(source.gaps.map(({ from, to }) => [from, to])).toEqual(
      lives.slice(1).map((life) => [timeOf((life - 1) * 100 + 2), timeOf(life * 100)]),
    );
    expect(source.records.map(({ type }) => (type === 'gap' ? '|' : '.')).join('')).toBe('...|...|...|...|...');
  });

  test('is told at the end when no event came after', async () => {
    falco.push(numbered(1));
    await until(() => source.numbers.length === 1);
    falco.kill();
    await until(() => source.health.at(-1)?.ready === false);
    await source.stop();
    expect(source.gaps).toEqual([{ type: 'gap', cause: 'disconnect', from: timeOf(1), to: expect.any(BigInt) }]);
  });
});
