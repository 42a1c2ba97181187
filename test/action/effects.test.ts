import { describe, expect, it } from 'vitest';
import { EffectsBuilder, type EffectsContext } from '../../src/action/effects.ts';
import { marksOf } from '../../src/model/marks.ts';
import { exec, type Step, sessionOf, trace, WORKSPACE } from './rig.ts';

const context: EffectsContext = {
  workspace: WORKSPACE,
  own: false,
  uid: 1001,
  isModelApi: (endpoint) => endpoint === '198.51.100.20:443',
  ownState: [/\/\.claude\/(?!settings)/],
};

const effectsOf = (steps: readonly Partial<Step>[], more: Partial<EffectsContext> = {}) => {
  const builder = new EffectsBuilder();
  for (const step of steps) {
    const { event } = trace(sessionOf(), { at: 0, call: 'openat', pid: 201, under: 200, ...step });
    builder.add(event, { ...context, ...more });
  }
  return builder.build();
};

const marks = (steps: readonly Partial<Step>[], more?: Partial<EffectsContext>) => marksOf(effectsOf(steps, more));
const program = (cmdline: string): Partial<Step> => ({ process: { name: cmdline.split(' ')[0] ?? '', cmdline } });
const read = (file: string, cmdline = 'cat x'): Partial<Step> => ({ file, flags: 'O_RDONLY', ...program(cmdline) });
const write = (file: string): Partial<Step> => ({ file, flags: 'O_WRONLY|O_CREAT' });
const setuid = (uid: number): Partial<Step> => ({ call: 'setresuid', process: { uid } });

describe('marks of effects', () => {
  it.each<[string, readonly Partial<Step>[], readonly string[]]>([
    ['a secret read', [read('/home/runner/.aws/credentials')], ['reads secret:aws']],
    [
      'a secret used by its owner',
      [read('/home/runner/.aws/credentials', 'aws s3 ls'), read('/home/runner/.npmrc', 'npm ci')],
      [],
    ],
    [
      'a secret used by tools that log in with it',
      [
        read('/home/runner/.aws/credentials', 'terraform-provider-aws_v5.60.0_x5'),
        read('/home/runner/.docker/config.json', 'java -Dorg.gradle.native=false worker.Main'),
        read(`${WORKSPACE}/.env`, 'docker-compose compose up -d'),
        read('/home/runner/.npmrc', 'libuv-worker /usr/lib/node_modules/npm/bin/npm-cli.js ci'),
      ],
      [],
    ],
    [
      'log-ins that are renewed',
      [
        { ...write('/home/runner/.kube/config'), ...program('kubectl config use-context staging') },
        { ...write('/home/runner/.aws/cli/cache/x.json'), ...program('aws sts get-caller-identity') },
      ],
      [],
    ],
    [
      'where packages come from',
      [{ ...write('/home/runner/.npmrc'), ...program('npm config set registry x') }],
      ['writes secret:registry'],
    ],
    [
      'a sandbox that shuts itself in',
      [
        { call: 'mount', ...program('linux-sandbox -W /x') },
        { call: 'setns', ...program('crun run x') },
      ],
      [],
    ],
    [
      'a mount by anybody else, a tracing sandbox',
      [
        { call: 'mount', ...program('./x podman') },
        { call: 'ptrace', ...program('crun run x') },
      ],
      ['calls mount', 'calls ptrace'],
    ],
    [
      'an owner that is only spoken of',
      [
        read('/home/runner/.aws/credentials', 'cat /tmp/aws /home/runner/.aws/credentials'),
        read('/home/runner/.npmrc', 'node collect.js npm'),
      ],
      ['reads secret:aws', 'reads secret:registry'],
    ],
    ['a secret that is not there', [{ ...read('/home/runner/.aws/credentials'), result: 'ENOENT' }], []],
    ['a relative path', [{ ...read('../../../.ssh/id_rsa') }], ['reads secret:ssh']],
    ['a detour', [read('/proc/self/root/home/runner/.aws/../.aws//credentials')], ['reads secret:aws']],
    ['its own memory map', [read('/proc/self/maps'), read('/proc/201/environ')], []],
    [
      'another’s environment and memory',
      [read('/proc/77/environ'), read('/proc/77/mem'), read('/proc/77/maps')],
      ['reads process:environ', 'reads process:memory'],
    ],
    ['the agent’s credentials', [read('/home/runner/.claude/.credentials.json')], ['reads secret:agent']],
    ['the agent’s state', [write('/home/runner/.claude/projects/x.jsonl')], []],
    ['the agent’s settings', [write('/home/runner/.claude/settings.json')], ['writes agent-config']],
    ['a hook for git', [write(`${WORKSPACE}/.git/hooks/pre-commit`)], ['writes persistence:git-hook']],
    [
      'what managers of hooks and git itself keep',
      [
        { ...write(`${WORKSPACE}/.git/hooks/pre-commit`), ...program('lefthook install') },
        { ...write(`${WORKSPACE}/.git/hooks/pre-push`), ...program('git-lfs install --local') },
        { ...write(`${WORKSPACE}/.git/config`), ...program('git push -u origin fix') },
      ],
      [],
    ],
    [
      'settings of git that may run code',
      [{ ...write(`${WORKSPACE}/.git/config`), ...program('git clone -c core.hooksPath=x y') }],
      ['writes git-config'],
    ],
    [
      'a setting of git',
      [{ ...write(`${WORKSPACE}/.git/config`), ...program('git config core.hooksPath x') }],
      ['writes git-config'],
    ],
    [
      'a symbolic link',
      [{ call: 'symlink', path: { source: '/etc/cron.d/x', target: '/tmp/y' } }],
      ['writes persistence:cron'],
    ],
    [
      'a rename',
      [{ call: 'rename', path: { source: '/tmp/y', target: '/home/runner/.bashrc' } }],
      ['writes persistence:shell-profile'],
    ],
    [
      'a deletion at home',
      [
        { call: 'unlinkat', path: { name: '/home/runner/notes' } },
        { call: 'unlink', path: { name: `${WORKSPACE}/x` } },
      ],
      ['deletes home'],
    ],
    [
      'connections',
      [
        { call: 'connect', to: ['203.0.113.9', 80] },
        { call: 'connect', to: ['198.51.100.20', 443] },
      ],
      ['connects public'],
    ],
    ['a refused connection', [{ call: 'connect', to: ['203.0.113.9', 80], result: 'ECONNREFUSED' }], []],
    [
      'listeners',
      [
        { call: 'listen', listens: '127.0.0.1:3000' },
        { call: 'listen', listens: '0.0.0.0:80' },
      ],
      ['listens local', 'listens open'],
    ],
    [
      'calls into others',
      [{ call: 'ptrace' }, { call: 'process_vm_readv', result: 'EPERM' }, { call: 'setns' }],
      ['calls process_vm_readv', 'calls ptrace', 'calls setns'],
    ],
    [
      'a tracer and what it started',
      [
        { call: 'ptrace', ...program('strace -f -c npm test') },
        read('/proc/77/mem', 'gdb -batch -ex run --args ./app'),
        read('/proc/77/maps', 'perf record -g node a.js'),
      ],
      [],
    ],
    [
      'a tracer and what ran before',
      [{ call: 'ptrace', ...program('strace -f -p 77') }, read('/proc/77/mem', 'gdb -p 77 -batch')],
      ['calls ptrace', 'reads process:memory'],
    ],
    ['an identity that stays', [setuid(1001)], []],
    ['an identity that is gained', [setuid(0)], ['calls setresuid']],
    [
      'a program from memory',
      [{ ...exec(0, 201, 200, 'x'), process: { name: 'x', exepath: 'memfd:x', fromMemfd: true } }],
      ['executes memfd'],
    ],
    [
      'a program that the image did not have',
      [{ ...exec(0, 201, 200, 'x', { upperLayer: true }) }],
      ['executes upper-layer'],
    ],
    [
      'a program by a detour',
      [exec(0, 201, 200, 'npx', { exe: '/proc/self/root/usr/bin/npx' })],
      ['executes disguised'],
    ],
    [
      'a script in /tmp',
      [exec(0, 201, 200, 'x.sh', { cmdline: 'x.sh /tmp/x.sh', exepath: '/usr/bin/dash' })],
      ['executes temp'],
    ],
    ['a shell on a socket', [exec(0, 201, 200, 'bash -i', { stdin: 'ipv4' })], ['shell on socket']],
  ])('%s', (_, steps, expected) => {
    expect(marks(steps)).toEqual(expected);
  });

  it('differ for the agent itself: its environment tells, its own state does not', () => {
    expect(marks([read('/proc/self/environ')], { own: true })).toEqual(['reads process:environ']);
    expect(marks([read('/home/runner/.claude/.credentials.json')], { own: true })).toEqual([]);
  });

  it('hold no gain where the agent is root already', () => {
    expect(marks([setuid(0)], { uid: 0 })).toEqual([]);
  });
});

describe('effects', () => {
  it('name what was made executable and the exit status', () => {
    const chmod: Partial<Step> = { call: 'chmod', mode: 'S_IXUSR|S_IRUSR', path: { name: 'run.sh' } };
    expect(effectsOf([chmod]).madeExecutable).toEqual([{ path: `${WORKSPACE}/run.sh`, class: 'workspace' }]);
    expect(effectsOf([{ ...chmod, mode: 'S_IRUSR' }]).madeExecutable).toEqual([]);
  });

  it('are bounded in every list', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => index);
    const effects = effectsOf([
      ...many.map((index) => write(`/tmp/${index}`)),
      ...many.map((index) => read(`/home/runner/.ssh/id_${index}`)),
      ...many.map((index) => exec(0, 201, 200, `p${index}x`)),
      ...many.map((index): Partial<Step> => ({ call: 'connect', to: [`10.0.${index >> 8}.${index & 255}`, 22] })),
      { call: 'connect', to: ['203.0.113.9', 80] },
      ...many.map((index): Partial<Step> => ({ call: 'listen', listens: `:${index}` })),
    ]);
    expect(effects.writes.length).toBeLessThanOrEqual(48);
    expect(effects.reads.length).toBe(256);
    expect(effects.programs.length).toBe(128);
    expect(effects.connections.map(({ network }) => network).at(-1)).toBe('public');
    expect(effects.connections.length).toBe(65);
    expect(effects.listens.length).toBe(128);
  });
});
