import { describe, expect, it } from 'vitest';
import { exec, exit, modelActions, play, type Step, started, told, WORKSPACE } from './rig.ts';

const shell = (at: number, pid: number, command: string) =>
  exec(at, pid, pid, `bash -c source /h/shell-snapshots/s.sh && eval '${command}' < /dev/null && pwd`);

describe('calls', () => {
  it('that run in parallel stay apart by their trees', () => {
    const steps = [
      shell(0, 200, 'npm test'),
      shell(1, 300, 'npm run lint'),
      exec(3, 301, 300, 'npm run lint'),
      exec(4, 201, 200, 'npm test'),
      exit(30, 300, 300),
      exit(40, 200, 200),
    ];
    const actions = modelActions([started, ...steps]);
    expect(actions.map(({ symbol }) => symbol)).toEqual(['shell:npm test', 'shell:npm run lint']);
    expect(actions.map(({ eventCount }) => eventCount)).toEqual([3, 3]);
  });

  it('keep what their children do within the grace after the exit', () => {
    const late: Step = {
      at: 100,
      call: 'openat',
      pid: 201,
      under: 200,
      file: `${WORKSPACE}/x`,
      flags: 'O_WRONLY|O_CREAT',
    };
    expect(modelActions([started, shell(0, 200, 'make'), exit(20, 200, 200), late])).toHaveLength(1);
  });

  it('leave behind what outlives them, with a reference', () => {
    const serve: Step = { at: 900, call: 'listen', pid: 201, under: 200, listens: '127.0.0.1:3000' };
    const killed = exit(30_000, 201, 200);
    const steps = [shell(0, 200, 'npm run dev &'), exec(5, 201, 200, 'npm run dev'), exit(20, 200, 200), serve, killed];
    const actions = modelActions([started, ...steps]);
    expect(told(actions)).toEqual(['shell: npm run dev &', 'background: still running: npm run dev &']);
    expect(actions[1]).toMatchObject({ startedBy: actions[0]?.index, symbol: 'background:npm run dev listens local' });
  });

  it('leave behind what never falls silent in slices', () => {
    const noise = Array.from(
      { length: 50 },
      (_, index): Step => ({ at: 1_000 + index * 4_000, call: 'listen', pid: 201, under: 200, listens: ':1' }),
    );
    const kinds = modelActions([started, shell(0, 200, 'watch &'), exit(20, 200, 200), ...noise]).map(
      ({ kind }) => kind,
    );
    expect(kinds.filter((kind) => kind === 'background')).toHaveLength(4);
  });

  it('do not show failed look-ups along the PATH', () => {
    const failed = ['/a', '/b', '/c'].map(
      (_, index): Step => ({ ...exec(2 + index, 201, 200, 'tool'), result: 'ENOENT' }),
    );
    const [action] = modelActions([started, shell(0, 200, 'tool --x'), ...failed, exit(20, 200, 200, 127)]);
    expect(action).toMatchObject({
      title: 'tool --x',
      symbol: 'shell:tool',
      effects: { programs: ['bash'], exitStatus: 127 },
    });
  });

  it('tell an edit by a reader that wrote', () => {
    const write: Step = {
      at: 3,
      call: 'openat',
      pid: 201,
      under: 200,
      file: `${WORKSPACE}/a.js`,
      flags: 'O_WRONLY|O_CREAT',
    };
    const steps = [
      shell(0, 200, 'sed -i s/a/b/ a.js'),
      exec(2, 201, 200, 'sed -i s/a/b/ a.js'),
      write,
      exit(9, 200, 200),
    ];
    expect(modelActions([started, ...steps])[0]?.kind).toBe('file-edit');
  });

  it('keep the alerts of other rules as evidence', () => {
    const alert: Step = {
      at: 3,
      call: 'openat',
      pid: 201,
      under: 200,
      file: '/etc/shadow',
      alert: 'Read sensitive file',
    };
    const [action] = modelActions([started, shell(0, 200, 'x'), alert, exit(9, 200, 200)]);
    expect(action?.evidence).toMatchObject([{ rule: 'Read sensitive file', output: 'Read sensitive file happened' }]);
  });
});

describe('limits', () => {
  const opens = (count: number, pid?: number): Step[] =>
    Array.from({ length: count }, (_, index) => ({
      at: 1 + index / 100,
      call: 'openat',
      file: `${WORKSPACE}/f${index}.js`,
      flags: 'O_RDONLY',
      ...(pid !== undefined && { pid: pid + 1, under: pid }),
    }));

  it('close the oldest child, and count it', () => {
    const steps = [0, 1, 2, 3].map((index) => shell(index, 200 + index, `cmd${index}`));
    const { actions, limits } = play([started, ...steps], { config: { maxOpen: 2 } });
    expect(limits).toEqual(['open-children', 'open-children']);
    expect(actions.filter(({ kind }) => kind === 'shell')).toHaveLength(4);
  });

  it('close the oldest file', () => {
    const { actions, limits } = play([started, ...opens(8)], { config: { maxFiles: 4 } });
    expect(limits).toEqual(['open-files', 'open-files', 'open-files', 'open-files']);
    expect(actions.filter(({ kind }) => kind === 'file-read')).toHaveLength(8);
  });

  it('keep the numbers of the first events and count all', () => {
    const { actions, limits } = play([started, shell(0, 200, 'make'), ...opens(100, 200), exit(90, 200, 200)], {
      config: { maxEvents: 10 },
    });
    const action = actions.find(({ kind }) => kind === 'shell');
    expect(action?.events).toHaveLength(10);
    expect(action?.eventCount).toBe(102);
    expect(limits).toEqual(['events']);
  });

  it('never let what is plain crowd out what is sensitive', () => {
    const write = (at: number, file: string): Step => ({
      at,
      call: 'openat',
      pid: 201,
      under: 200,
      file,
      flags: 'O_WRONLY|O_CREAT',
    });
    const flood = Array.from({ length: 5_000 }, (_, index) => write(1, `${WORKSPACE}/node_modules/p${index}/index.js`));
    const last = [write(2, '/home/runner/.bashrc'), write(3, '/home/runner/loot')];
    const [action] = modelActions([started, shell(0, 200, 'npm ci'), ...flood, ...last, exit(9, 200, 200)]);
    expect(action?.symbol).toBe('install:npm ci writes home writes persistence:shell-profile');
    expect(action?.effects.writes.length).toBeLessThan(100);
  });
});
