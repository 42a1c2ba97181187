import { describe, expect, it } from 'vitest';
import {
  CREATE,
  exec,
  exit,
  modelActions,
  PROBE,
  play,
  type Step,
  sessionOf,
  started,
  told,
  WORKSPACE,
} from './rig.ts';

const read = (at: number, file: string, extra: Partial<Step> = {}): Step => ({
  at,
  call: 'openat',
  file,
  flags: PROBE,
  ...extra,
});
const missing = (at: number, file: string): Step => read(at, file, { result: 'ENOENT' });
const write = (at: number, file: string): Step => ({ at, call: 'openat', file, flags: CREATE });
const rename = (at: number, source: string, target: string): Step => ({ at, call: 'rename', path: { source, target } });
const hidden = (name: string) => `/proc/self/fd/16/${name}`;
const replaced = (at: number, name: string): Step[] => [
  write(at, hidden(`${name}.tmp.4770.cc095f`)),
  rename(at + 1, hidden(`${name}.tmp.4770.cc095f`), hidden(name)),
];
const titles = (steps: readonly Step[], options?: Parameters<typeof modelActions>[1]) =>
  told(modelActions([started, ...steps], options));

describe('files that the agent itself reads and writes', () => {
  it('are one action each, apart by file and by time', () => {
    const steps = [
      read(0, `${WORKSPACE}/a.js`),
      read(5, `${WORKSPACE}/b.js`),
      read(9, `${WORKSPACE}/a.js`),
      read(900, `${WORKSPACE}/a.js`),
    ];
    expect(titles(steps)).toEqual(['file-read: read a.js', 'file-read: read b.js', 'file-read: read a.js']);
  });

  it('put back the directory that a replacement hides, from a read before', () => {
    const [action, ...more] = modelActions([
      started,
      read(-500, `${WORKSPACE}/src/board.js`),
      ...replaced(0, 'board.js'),
    ]).slice(1);
    expect(more).toEqual([]);
    expect(action).toMatchObject({ title: 'edit src/board.js', symbol: 'file-edit:workspace/js', eventCount: 2 });
    expect(action?.effects.writes).toEqual([{ path: `${WORKSPACE}/src/board.js`, class: 'workspace' }]);
  });

  it('put it back from a look that failed: the file is new', () => {
    expect(titles([missing(0, `${WORKSPACE}/lib/new.ts`), ...replaced(3, 'new.ts')])).toEqual([
      'file-edit: edit lib/new.ts',
    ]);
  });

  it('put it back from a read that comes after', () => {
    const actions = modelActions([started, ...replaced(0, 'late.ts'), read(6, `${WORKSPACE}/lib/late.ts`)]);
    expect(told(actions)).toEqual(['file-edit: edit lib/late.ts']);
  });

  it('say so where several directories are possible', () => {
    const before = [read(-900, `${WORKSPACE}/a/index.ts`), read(-500, `${WORKSPACE}/b/index.ts`)];
    const action = modelActions([started, ...before, ...replaced(0, 'index.ts')]).at(-1);
    expect(action?.title).toBe('edit b/index.ts (directory inferred)');
    expect(action?.effects.writes).toEqual([{ path: `${WORKSPACE}/b/index.ts`, class: 'workspace', guessed: true }]);
  });

  it('say so where none is known', () => {
    const [action] = modelActions([started, ...replaced(0, 'lonely.py')]);
    expect(action).toMatchObject({ title: 'edit …/lonely.py', symbol: 'file-edit:workspace/py' });
    expect(action?.effects.writes).toEqual([{ path: '?/lonely.py', class: 'workspace', guessed: true }]);
  });

  it('know instructions by their name wherever they lie', () => {
    expect(modelActions([started, ...replaced(0, 'CLAUDE.md')])[0]?.symbol).toBe(
      'file-edit:agent-config writes agent-config',
    );
  });

  it('tell a deletion', () => {
    expect(titles([{ at: 0, call: 'unlink', path: { name: `${WORKSPACE}/old.js` } }])).toEqual([
      'file-edit: delete old.js',
    ]);
  });

  it('tell a secret, also the agent’s own environment', () => {
    const actions = modelActions([started, read(0, '/home/runner/.aws/credentials'), read(500, '/proc/self/environ')]);
    expect(actions.map(({ symbol }) => symbol)).toEqual([
      'file-read:secret:aws reads secret:aws',
      'file-read:process:environ reads process:environ',
    ]);
  });
});

describe('what the agent does for itself', () => {
  it.each([
    ['its start-up', [read(-2_000, `${WORKSPACE}/package.json`)]],
    [
      'its own state',
      [write(0, '/home/runner/.claude/projects/x/log.jsonl'), read(9, '/home/runner/.claude/.credentials.json')],
    ],
    ['looks at its instructions', [read(0, `${WORKSPACE}/CLAUDE.md`), missing(9, `${WORKSPACE}/src/CLAUDE.md`)]],
    ['looks that find nothing', [missing(0, `${WORKSPACE}/nothing.js`)]],
    [
      'libraries, certificates, git',
      [read(0, '/usr/lib/x.so'), read(5, '/etc/ssl/certs/ca.pem'), read(9, `${WORKSPACE}/.git/HEAD`)],
    ],
    [
      'directories',
      [
        { at: 0, call: 'openat', file: `${WORKSPACE}/src`, flags: 'O_DIRECTORY|O_RDONLY' } as Step,
        read(5, `${WORKSPACE}/src`),
      ],
    ],
  ])('is housekeeping: %s', (_, steps) => {
    const { actions } = play(steps[0]?.at === -2_000 ? [...steps, started] : [started, ...steps]);
    expect(actions.map(({ kind }) => kind)).toEqual(actions.map(() => 'housekeeping'));
    expect(actions.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(steps.length + 1);
  });

  it('is a look at the files that a command names, around it: part of that command', () => {
    const wrapper = "bash -c source /h/shell-snapshots/s.sh && eval 'grep -rn due src/cart.js' < /dev/null && pwd";
    const command = [exec(0, 200, 200, wrapper), exec(2, 201, 200, 'grep -rn due src/cart.js'), exit(8, 200, 200)];
    const steps = [read(-9, `${WORKSPACE}/src/cart.js`), ...command, read(20, `${WORKSPACE}/src/other.js`)];
    const actions = modelActions([started, ...steps]);
    expect(told(actions)).toEqual(['search: grep -rn due src/cart.js', 'file-read: read src/other.js']);
    expect(actions[0]?.eventCount).toBe(4);
  });
});

describe('endpoints of the agent itself', () => {
  const connect = (at: number, ip: string, port = 443): Step => ({ at, call: 'connect', to: [ip, port] });
  const call = [
    exec(0, 200, 200, "bash -c source /h/shell-snapshots/s.sh && eval 'ls' < /dev/null && pwd"),
    exit(8, 200, 200),
  ];

  it('are its own when it uses them before its first call, and those next to them', () => {
    const steps = [connect(-500, '203.0.113.1'), ...call, connect(900, '198.51.100.20'), connect(950, '198.51.100.77')];
    expect(titles(steps)).toEqual(['search: ls']);
  });

  it('are the model’s doing when they are new later', () => {
    const actions = modelActions([
      started,
      ...call,
      connect(900, '203.0.113.9'),
      connect(5_000, '169.254.169.254', 80),
    ]);
    expect(told(actions).slice(1)).toEqual([
      'network: connect to 203.0.113.9:443',
      'network: connect to 169.254.169.254:80',
    ]);
    expect(actions.slice(1).map(({ symbol }) => symbol)).toEqual([
      'network:in-process public connects public',
      'network:in-process link-local connects link-local',
    ]);
  });

  it('are the model’s doing when it has long been reading files', () => {
    const steps = [
      read(200, `${WORKSPACE}/a.js`),
      connect(300, '203.0.113.1'),
      read(4_000, `${WORKSPACE}/a.js`),
      connect(5_000, '203.0.250.9', 8080),
    ];
    expect(titles(steps)).toEqual([
      'file-read: read a.js',
      'file-read: read a.js',
      'network: connect to 203.0.250.9:8080',
    ]);
  });

  it('are not asked for names, for itself, or when they refuse', () => {
    const refused: Step = { at: 950, call: 'connect', to: ['203.0.113.8', 443], result: 'ECONNREFUSED' };
    expect(titles([...call, connect(900, '9.9.9.9', 53), connect(910, '127.0.0.1', 3_000), refused])).toEqual([
      'search: ls',
    ]);
  });

  it('take the first endpoint for the API where the start was not seen', () => {
    const session = sessionOf('claude-code', { lateStart: true });
    const { actions } = play([...call, connect(900, '203.0.113.9')], { session });
    expect(actions.map(({ kind }) => kind)).not.toContain('network');
  });
});
