import { describe, expect, it } from 'vitest';
import { exec, exit, modelActions, type Step, sessionOf, started, told } from './rig.ts';

const claude = (command: string) =>
  `bash -c source /home/runner/.claude/shell-snapshots/snapshot-bash-1-a.sh 2>/dev/null || true && \\builtin shopt -u extglob 2>/dev/null || true && eval '${command}' < /dev/null && pwd -P >| /tmp/claude-1-cwd`;
const gemini = (command: string) =>
  `bash -c shopt -u promptvars nullglob; _bgpids_file=/tmp/gemini-shell-a/bgpids.tmp\n(\n trap 'jobs -p > /tmp/x' EXIT\n${command}\n)\n__code=$?\nexit $__code`;

/** How each agent wraps a shell command, as its direct child shows it. */
const wrapped: Record<string, (command: string) => readonly Step[]> = {
  'claude-code': (command) => [exec(0, 200, 200, claude(command))],
  'gemini-cli': (command) => [exec(0, 200, 200, gemini(command))],
  'codex-cli': (command) => [
    exec(0, 200, 200, `codex --codex-run-as-process-setup x /bin/bash /bin/bash -c ${'w'.repeat(3_000)}`),
    exec(1, 200, 200, `bash -c __CODEX_SNAPSHOT=1 ${'w'.repeat(3_000)}`),
    exec(2, 200, 200, `bash -c ${command}`),
  ],
};

describe.each(Object.keys(wrapped))('a shell call of %s', (agent) => {
  const run = (command: string, steps: readonly Step[]) =>
    modelActions([started, ...(wrapped[agent]?.(command) ?? []), ...steps, exit(50, 200, 200)], {
      session: sessionOf(agent),
    });

  it('is one action with the command for a title', () => {
    const [action, ...more] = run('npm test', [
      exec(5, 201, 200, 'npm test'),
      exec(9, 202, 200, 'node --test'),
      exit(40, 201, 200),
    ]);
    expect(more).toEqual([]);
    expect(action).toMatchObject({ kind: 'shell', title: 'npm test', effects: { exitStatus: 0 } });
  });

  it('is named by what it ran, not by what those ran in turn', () => {
    const nested = exec(9, 202, 200, 'curl https://a.test', { ancestors: [{ pid: 201 }, { pid: 200 }, { pid: 100 }] });
    const [action] = run('npm install', [exec(5, 201, 200, 'npm install'), nested]);
    expect(action).toMatchObject({ kind: 'install', symbol: 'install:npm install' });
  });

  it('is named by its text where the kernel saw builtins alone', () => {
    const write: Step = {
      at: 5,
      call: 'openat',
      pid: 200,
      under: 200,
      file: '/home/runner/.bashrc',
      flags: 'O_WRONLY|O_APPEND',
    };
    const [action] = run('echo x >> ~/.bashrc', [write]);
    expect(action?.symbol).toBe('shell:echo writes persistence:shell-profile');
  });

  it('survives the loss of its exit: it ends when it is quiet and another call began', () => {
    const later: Step[] = [exec(20_000, 300, 300, claude('ls')), exec(20_001, 301, 300, 'ls'), exit(20_010, 300, 300)];
    const steps = [started, ...(wrapped[agent]?.('make') ?? []), exec(5, 201, 200, 'make'), ...later];
    const actions = modelActions(steps, { session: sessionOf(agent) });
    expect(actions.map(({ title }) => title)).toHaveLength(2);
    expect(actions[0]?.title).toBe('make');
  });
});

describe('other direct children', () => {
  it('shows a hook by its command', () => {
    const steps = [started, exec(0, 200, 200, 'sh -c ./check.sh'), exec(2, 201, 200, 'git status'), exit(9, 200, 200)];
    expect(told(modelActions(steps))).toEqual(['vcs: hook: ./check.sh']);
  });

  it('tells the start of a tool server and each of its calls', () => {
    const server = { ...exec(0, 200, 200, 'node /opt/mcp/server.js'), setsid: false };
    const work: Step = { at: 9_000, call: 'connect', pid: 200, under: 200, to: ['203.0.113.9', 443] };
    const actions = modelActions([started, server, work]);
    expect(told(actions)).toEqual([
      'tool: start tool server: node /opt/mcp/server.js',
      'tool: tool server at work: node /opt/mcp/server.js',
    ]);
    expect(actions[1]).toMatchObject({ startedBy: actions[0]?.index, symbol: 'tool:node script connects public' });
  });

  it('counts a search that the agent starts again for more context as one', () => {
    const rg = (at: number, pid: number, more: string) =>
      exec(at, pid, pid, `rg --json --ignore-case --regexp due ${more}--glob !x`);
    const steps = [started, rg(0, 200, ''), exit(6, 200, 200), rg(25, 201, '--context 15 '), exit(30, 201, 201)];
    expect(told(modelActions(steps, { session: sessionOf('gemini-cli') }))).toEqual(['search: search for due']);
  });

  it('knows a call by any event of its top process when that of its execution was lost', () => {
    const cmdline = claude('npm run lint');
    const open: Step = {
      at: 1,
      call: 'openat',
      pid: 200,
      under: 200,
      setsid: true,
      file: '/etc/profile',
      flags: 'O_RDONLY',
      process: { name: 'bash', cmdline },
    };
    expect(told(modelActions([started, open, exit(30, 200, 200)]))).toEqual(['shell: npm run lint']);
    expect(modelActions([started, open, exit(30, 200, 200)])[0]?.symbol).toBe('shell:npm run lint');
  });

  it('takes a fork that executes nothing for the agent’s own', () => {
    expect(modelActions([started, exit(3, 200, 200)])).toEqual([]);
  });

  it('tells a sub-agent once, by the record that the agent keeps of it', () => {
    const record = '/home/runner/.claude/projects/p/0b1c/subagents/agent-abbccf48.jsonl';
    const write = (at: number): Step => ({ at, call: 'openat', file: record, flags: 'O_APPEND|O_CREAT|O_WRONLY' });
    expect(told(modelActions([started, write(0), write(5_000)]))).toEqual(['subagent: start a sub-agent']);
  });
});
