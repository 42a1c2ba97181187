import { describe, expect, it } from 'vitest';
import { exec, exit, modelActions, type Step, started } from './rig.ts';

const shell = (at: number, pid: number, command: string) =>
  exec(at, pid, pid, `bash -c source /h/shell-snapshots/s.sh && eval '${command}' < /dev/null && pwd`);

const secret = (at: number): Step => ({
  at,
  call: 'openat',
  pid: 200,
  under: 200,
  file: '/home/runner/.aws/credentials',
  flags: 'O_RDONLY',
});
const beacon = (at: number): Step => ({ at, call: 'connect', pid: 200, under: 200, to: ['203.0.113.9', 4444] });

const shown = (steps: readonly Step[]) =>
  modelActions([started, ...steps]).map(({ index, preview, effects }) => ({
    index,
    preview,
    secrets: effects.reads.length,
    connections: effects.connections.length,
  }));

describe('an action that goes on', () => {
  it('is shown two seconds after it did something telling, and again when it is over', () => {
    const actions = shown([shell(0, 200, './agent'), beacon(100), exit(60_000, 200, 200)]);
    const [early, whole] = actions;
    expect(actions).toHaveLength(2);
    expect(early).toMatchObject({ preview: true, connections: 1 });
    expect(whole).toEqual({ index: early?.index, preview: undefined, secrets: 0, connections: 1 });
  });

  it('is shown again for each new thing, a burst of them at once', () => {
    const actions = shown([
      shell(0, 200, './agent'),
      beacon(100),
      secret(200),
      { ...beacon(10_000), to: ['203.0.113.10', 443] },
      exit(60_000, 200, 200),
    ]);
    expect(actions.map(({ preview, secrets, connections }) => [preview ?? false, secrets, connections])).toEqual([
      [true, 1, 1],
      [true, 1, 2],
      [false, 1, 2],
    ]);
    expect(new Set(actions.map(({ index }) => index)).size).toBe(1);
  });

  it('is shown a few times at most', () => {
    const scan = Array.from({ length: 60 }, (_, n) => ({ ...beacon(n * 5_000), to: [`203.0.113.${n}`, 80] as const }));
    expect(shown([shell(0, 200, './scan'), ...scan, exit(400_000, 200, 200)]).length).toBeLessThanOrEqual(17);
  });

  it('is not shown early when it is soon over, or does nothing telling', () => {
    expect(shown([shell(0, 200, 'curl x'), beacon(100), exit(300, 200, 200)])).toHaveLength(1);
    expect(shown([shell(0, 200, 'npm test'), exit(60_000, 200, 200)])).toHaveLength(1);
  });
});
