import { describe, expect, test } from 'vitest';
import { at, below, connect, event, exec, exit, gap, open } from '../support/events.ts';
import { CI, claude, claudeShell, codex, gemini, geminiInner, login, tool } from './cast.ts';
import { run } from './run.ts';

const shell = claudeShell(claude, 110, 1_000);
const npm = tool(shell, 111, 1_010);

describe('a session', () => {
  const events = [
    exec(110, claude),
    connect(200, claude),
    exec(1_000, shell),
    exec(1_010, npm),
    exit(1_500, npm),
    exit(1_510, shell),
    exit(2_000, claude),
  ];

  test('is the life of the agent process with all below it', () => {
    const { starts, ends, traced } = run([...events, 9_000], {}, { end: false });
    expect(starts).toHaveLength(1);
    expect(traced.map(({ event }) => event)).toEqual(events);
    expect(ends).toMatchObject([{ reason: 'exit', time: at(2_000) }]);
    expect(starts[0]).toMatchObject({
      agent: 'claude-code',
      pid: 100,
      start: at(100),
      lateStart: false,
      startedBy: 'user',
      workspace: '/work/repo',
      user: 'runner',
      recognition: { confidence: 0.99, evidence: ['executable: npm package'] },
    });
  });

  test('each direct child with all below it is a branch; its exit is a process exit', () => {
    const { traced } = run(events);
    expect(traced.map(({ branch }) => branch?.pid)).toEqual([undefined, undefined, 110, 110, 110, 110, undefined]);
    expect(traced.map(({ branch }) => branch?.top)).toEqual([
      undefined,
      undefined,
      true,
      false,
      false,
      true,
      undefined,
    ]);
    expect(traced.map(({ processExit }) => processExit)).toEqual([false, false, false, false, true, true, true]);
  });

  test('the id is the same in each replay and hangs on node, pid and start', () => {
    const id = run(events).starts[0]?.id;
    expect(id).toMatch(/^claude-code-[0-9a-f]{12}$/);
    expect(run(events).starts[0]?.id).toBe(id);
    expect(run([exec(110, { ...claude, start: 101 })]).starts[0]?.id).not.toBe(id);
  });

  test('ends by the stream’s end, and after silence when the exit was lost', () => {
    expect(run([exec(110, claude)]).ends).toMatchObject([{ reason: 'stream-end', time: at(110) }]);
    const { ends } = run([exec(110, claude), 2_000_000], { silenceMs: 1_000_000 }, { end: false });
    expect(ends).toMatchObject([{ reason: 'silence', time: at(110) }]);
  });

  test('that goes on after its silence is another one', () => {
    const { starts } = run([exec(110, claude), 2_000_000, open(2_000_100, claude, '/work/repo/a')], {
      silenceMs: 1_000_000,
    });
    expect(starts.map(({ lateStart }) => lateStart)).toEqual([false, true]);
    expect(new Set(starts.map(({ id }) => id)).size).toBe(2);
  });

  test('a thread’s exit ends nothing', () => {
    const events = [exec(110, claude), exit(500, claude, { thread: 130 }), 30_000, open(30_000, claude, '/x')];
    const { traced, ends } = run(events, {}, { end: false });
    expect(traced.map(({ processExit }) => processExit)).toEqual([false, false, false]);
    expect(ends).toEqual([]);
  });

  test('of an agent that was met in a thread: that thread’s exit is taken back', () => {
    const met = open(500, claude, '/x', { thread: 130 });
    const gone = exit(600, claude, { thread: 130 });
    const { ends, starts } = run([met, gone, open(700, claude, '/y'), 30_000], {}, { end: false });
    expect([starts.length, ends.length]).toEqual([1, 0]);
  });

  test('children that outlive the agent keep it open while they are not silent', () => {
    const server = below(shell, { pid: 120, cmdline: 'vite', exepath: '/usr/bin/node', start: 1_100 });
    const steps = [exec(110, claude), exec(1_000, shell), exec(1_100, server), exit(1_200, shell), exit(1_300, claude)];
    const late = open(40_000, { ...server, above: [login] }, '/work/repo/a');
    const { ends, of } = run([...steps, 5_000, late, 120_000], { orphanMs: 60_000 }, { end: false });
    expect(of(late)?.branch?.pid).toBe(110);
    expect(ends).toMatchObject([{ reason: 'exit', time: at(40_000) }]);
  });

  test('after its end nothing opens it again', () => {
    const orphan = below(claude, { pid: 130, cmdline: 'sleep', exepath: '/usr/bin/sleep', start: 300 });
    const late = [open(3_100, { ...orphan, above: [login] }, '/a'), exit(3_101, claude, { thread: 150 })];
    const life = [exec(110, claude), exec(300, orphan), exit(400, claude)];
    const { starts, accounts } = run([...life, 3_000, ...late], { orphanMs: 100 });
    expect(starts).toHaveLength(1);
    expect(accounts.unattributed).toBe(2);
  });
});

describe('what an agent’s own processes are', () => {
  test('Gemini’s inner node process acts as the agent, its tool shells are branches', () => {
    const git = below(geminiInner, { pid: 210, cmdline: 'git status', exepath: '/usr/bin/git', start: 400 });
    const { traced, starts } = run([exec(200, gemini), exec(230, geminiInner), exec(400, git)]);
    expect(starts).toHaveLength(1);
    expect(traced.map(({ branch }) => branch?.pid)).toEqual([undefined, undefined, 210]);
  });

  test('Node 24 calls its first thread MainThread', () => {
    const inner = {
      ...geminiInner,
      name: 'MainThread',
      cmdline: geminiInner.cmdline?.replace('node', 'MainThread') ?? '',
    };
    expect(run([open(400, inner, '/work/repo/a')]).starts).toMatchObject([{ agent: 'gemini-cli', lateStart: true }]);
  });

  test('Codex on Node 24 executes itself in its launcher’s pid, on Node 20 in a child: one session both ways', () => {
    const launcher = { ...codex, exepath: '/usr/bin/node', cmdline: 'node /usr/bin/codex exec fix' };
    expect(run([exec(300, launcher), exec(350, codex)]).starts).toHaveLength(1);
    const child = below(launcher, { ...codex, pid: 301, start: 350 });
    const { starts, traced } = run([exec(300, launcher), exec(350, child), open(400, child, '/work/repo/a')]);
    expect(starts).toHaveLength(1);
    expect(traced.at(-1)?.branch).toBeUndefined();
  });

  test('the agent’s executable as grep, find or rg is an ordinary child', () => {
    const grep = below(shell, { ...claude, pid: 140, exe: 'ugrep', cmdline: 'claude.exe -rn x', start: 1_100 });
    const { starts, of } = run([exec(110, claude), exec(1_000, shell), exec(1_100, grep)]);
    expect(starts).toHaveLength(1);
    expect(of(exec(0, grep))).toBeUndefined();
  });

  test('a fork that has not executed anything yet is a child', () => {
    const fork = below(claude, { ...claude, pid: 150, start: 900 });
    const { traced } = run([
      exec(110, claude),
      open(901, fork, '/dev/null'),
      exec(902, { ...shell, pid: 150, start: 900 }),
    ]);
    expect(traced.map(({ branch }) => branch?.pid)).toEqual([undefined, 150, 150]);
  });
});

test('flags that switch the safety off, with a space or an equals sign', () => {
  const flags = (cmdline: string) => run([exec(300, { ...codex, cmdline })]).starts[0]?.unsafeFlags;
  expect(flags('codex exec --sandbox danger-full-access')).toEqual(['--sandbox danger-full-access']);
  expect(flags('codex exec --sandbox=danger-full-access --yolo')).toEqual(['--yolo', '--sandbox danger-full-access']);
  expect(flags('codex exec --sandbox workspace-write')).toEqual([]);
});

test('a working directory below the repository stays as it is; the root directory keeps its name', () => {
  const workspace = (cwd: string) => run([exec(110, { ...claude, cwd })]).starts[0]?.workspace;
  expect(['/work/repo/', '/work/repo/web/', '/'].map(workspace)).toEqual(['/work/repo', '/work/repo/web', '/']);
});

describe('gaps', () => {
  const life = [exec(1_000, { ...claude, start: 990 }), exit(2_000, { ...claude, start: 990 })];

  test.each([
    ['before the session', [gap(100, 500), ...life], 0],
    ['over its start', [life[0], gap(500, 1_500), life[1]], 1],
    ['after its end', [...life, gap(2_500, 2_600)], 0],
  ])('%s', (_, steps, count) => {
    expect(run(steps as never).gaps).toHaveLength(count);
  });

  test('of another machine is none of the session’s', () => {
    const elsewhere = { ...gap(1_100, 1_200), node: 'another' };
    const here = { ...gap(1_100, 1_200), node: life[0]?.hostname };
    expect(run([life[0], elsewhere, here, life[1]] as never).gaps).toHaveLength(1);
  });

  test('a session whose children live on is not over', () => {
    const child = below(claude, { pid: 160, cmdline: 'sleep 9', exepath: '/bin/sleep', start: 1_100 });
    expect(run([life[0], exec(1_100, child), life[1], gap(2_500, 2_600)] as never).gaps).toHaveLength(1);
  });
});

describe('identity', () => {
  test('two nodes with equal pids are two sessions', () => {
    const other = { ...claude, node: 'node-2' };
    const { starts, traced } = run([
      exec(110, claude),
      exec(110, other),
      open(200, claude, '/a'),
      open(201, other, '/b'),
    ]);
    expect(starts.map(({ node }) => node)).toEqual(['node-1', 'node-2']);
    expect(traced.map(({ session }) => session.node)).toEqual(['node-1', 'node-2', 'node-1', 'node-2']);
  });

  test('session ids are numbers of the pid namespace', () => {
    const leader = below(claude, { pid: 5_110, vpid: 11, sid: 11, cmdline: 'sh -c x', exepath: '/bin/sh', start: 900 });
    const follower = below(claude, {
      pid: 5_111,
      vpid: 12,
      sid: 5_111,
      cmdline: 'sh -c x',
      exepath: '/bin/sh',
      start: 901,
    });
    const { traced } = run([exec(110, claude), exec(900, leader), exec(901, follower)]);
    expect(traced.map(({ branch }) => branch?.ownSession)).toEqual([undefined, true, false]);
  });

  test('a reused pid is another process', () => {
    const again = { ...claude, start: 20_000, cmdline: 'claude -p other' };
    const { starts, ends } = run([exec(110, claude), exit(500, claude), 10_000, exec(20_000, again)]);
    expect(starts.map(({ start }) => start)).toEqual([at(100), at(20_000)]);
    expect(ends.map(({ reason }) => reason)).toEqual(['exit', 'stream-end']);
  });

  test('a reused pid ends the session whose exit was lost', () => {
    const vim = { ...login, pid: 100, start: 9_000, cmdline: 'vim', exepath: '/usr/bin/vim', above: [login] };
    const edit = exec(9_000, vim);
    const { ends, of } = run([exec(110, claude), edit, 20_000], {}, { end: false });
    expect(ends).toMatchObject([{ reason: 'exit', time: at(110) }]);
    expect(of(edit)).toBeUndefined();
  });

  test('a child’s pid reused below the same agent is another branch', () => {
    const again = claudeShell(claude, 110, 5_000);
    const { traced } = run([exec(110, claude), exec(1_000, shell), exit(1_100, shell), exec(5_000, again)]);
    expect(traced.map(({ branch }) => branch?.id)).toEqual([undefined, 0, 0, 1]);
  });

  test('a late event of the process that had the pid before goes to that', () => {
    const again = claudeShell(claude, 110, 1_500);
    const late = open(1_050, shell, '/a');
    const { of } = run([exec(110, claude), exec(1_000, shell), exit(1_100, shell), exec(1_500, again), late]);
    expect(of(late)?.branch?.id).toBe(0);
  });
});

describe('what was missed', () => {
  test('an agent met in the middle', () => {
    const { starts } = run([open(5_000, claude, '/work/repo/a', { thread: 3_000 })]);
    expect(starts).toMatchObject([
      { lateStart: true, agent: 'claude-code', unsafeFlags: ['--dangerously-skip-permissions'] },
    ]);
  });

  test('an agent of which only a descendant tells', () => {
    const read = open(5_000, npm, '/work/repo/a');
    const { starts, of } = run([read]);
    expect(starts).toMatchObject([{ pid: 100, lateStart: true }]);
    expect(of(read)?.branch).toMatchObject({ pid: 110, top: false });
  });

  test('its execution comes late: id, start and flags are those of the execution', () => {
    const whole = run([exec(110, claude), open(900, npm, '/work/repo/a')]).starts;
    const { starts, outputs } = run([open(900, npm, '/work/repo/a'), exec(110, claude)]);
    expect(starts).toMatchObject([{ id: whole[0]?.id, lateStart: false }]);
    expect(outputs.map(({ type }) => type)).toEqual(['session-start', 'traced', 'traced', 'session-end']);
  });

  test('the execution of a nested program shows by its executable', () => {
    const inner = below(claude, { pid: 170, cmdline: 'bash', exepath: '/usr/bin/bash', start: 400 });
    const became = open(600, { ...inner, exepath: codex.exepath ?? '', cmdline: 'codex exec x' }, '/work/repo/a');
    const { starts } = run([exec(110, claude), exec(400, inner), became]);
    expect(starts.map(({ agent }) => agent)).toEqual(['claude-code', 'codex-cli']);
  });
});

test('sub-agents are threads, and no sessions of their own', () => {
  const { starts } = run([
    exec(110, claude),
    open(300, claude, '/work/repo/a', { thread: 290 }),
    event(301, claude, { thread: 291 }),
  ]);
  expect(starts).toHaveLength(1);
  expect(starts[0]?.scope).toEqual({ repository: 'acme/shop', workflow: 'agent', job: 'fix' });
  expect(CI.GITHUB_JOB).toBe('fix');
});
