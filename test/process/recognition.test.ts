import { describe, expect, test } from 'vitest';
import { below, exec, open, type Someone } from '../support/events.ts';
import { CODEX_EXE, claude, claudeShell, codex, gemini, login } from './cast.ts';
import { run } from './run.ts';

const NODE = '/usr/bin/node';
const someone = (exepath: string, cmdline: string, more: Partial<Someone> = {}): Someone =>
  below(login, { pid: 400, start: 400, exepath, cmdline, exe: cmdline.split(' ')[0] ?? '', ...more });
const agentsOf = (who: Someone) => run([exec(400, who)]).starts.map(({ agent }) => agent);

describe('is an agent', () => {
  test.each([
    ['/home/u/.local/share/claude/versions/2.1.330', 'claude', 'claude-code'],
    ['/usr/local/bin/claude', 'claude -p x', 'claude-code'],
    [NODE, 'node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js -p x', 'claude-code'],
    [NODE, 'node --no-warnings /usr/bin/gemini -p x', 'gemini-cli'],
    [NODE, 'node --max-old-space-size=9 /usr/lib/node_modules/@google/gemini-cli/dist/index.js', 'gemini-cli'],
    [CODEX_EXE, 'codex', 'codex-cli'],
    ['/usr/local/bin/codex', 'codex exec x', 'codex-cli'],
    [NODE, 'node /usr/lib/node_modules/@github/copilot/index.js -p x', 'copilot-cli'],
    ['/usr/bin/python3.12', 'python3 /home/u/.local/bin/aider --yes-always', 'aider'],
    ['/home/u/.opencode/bin/opencode', 'opencode run x', 'opencode'],
    [
      '/home/u/.local/share/cursor-agent/versions/2026.02.01-a/node',
      'node --use-system-ca /x/index.js -p',
      'cursor-cli',
    ],
    [NODE, 'node /usr/bin/qwen --yolo', 'qwen-code'],
    ['/home/u/.local/bin/goose', 'goose run -t x', 'goose'],
    [NODE, 'node --no-warnings /usr/lib/node_modules/@sourcegraph/amp/dist/main.js -x hi', 'amp'],
  ])('%s %s', (exepath, cmdline, agent) => {
    expect(agentsOf(someone(exepath, cmdline))).toEqual([agent]);
  });
});

describe('is none', () => {
  test.each([
    ['/usr/bin/bash', 'run.sh /opt/x/run.sh claude -p fix --dangerously-skip-permissions'],
    ['/usr/bin/bash', 'bash -c claude -p fix'],
    ['/usr/bin/timeout', 'timeout 600 claude -p fix --permission-mode plan'],
    ['/usr/bin/env', 'gemini node /usr/bin/gemini -p x'],
    ['/usr/bin/grep', 'grep -r claude .'],
    ['/usr/bin/vim', 'vim .claude/settings.json'],
    ['/usr/bin/npm', 'npm install -g @anthropic-ai/claude-code'],
    [NODE, 'node /usr/bin/npx @google/gemini-cli -p x'],
    [NODE, 'node /home/u/gemini-cli/scripts/build.js'],
    [NODE, 'node /work/repo/codex/index.js'],
    [NODE, 'node report.js /usr/bin/gemini'],
    [CODEX_EXE, 'codex --version'],
    ['/usr/local/bin/goose', 'goose -dir db postgres host=x up'],
    ['/usr/local/bin/goose', 'goose up'],
    ['/usr/local/bin/copilot', 'copilot svc deploy'],
  ])('%s %s', (exepath, cmdline) => {
    expect(agentsOf(someone(exepath, cmdline))).toEqual([]);
  });
});

describe('an agent under another name', () => {
  const helper = someone('/opt/tools/helper', 'helper -p fix --permission-mode bypassPermissions');
  const editor = someone('/usr/bin/vim', 'vim');

  test('by its arguments and its config directory', () => {
    const own = open(500, helper, '/home/u/.claude/projects/x/s.jsonl');
    const { starts, of } = run([exec(400, helper), own]);
    expect(starts).toMatchObject([
      {
        agent: 'claude-code',
        lateStart: true,
        unsafeFlags: ['--permission-mode bypassPermissions'],
        recognition: {
          confidence: 0.64,
          evidence: ['command line: arguments of this agent', 'config directory: opened'],
        },
      },
    ]);
    expect(of(own)?.branch).toBeUndefined();
  });

  test('by the marker that its child carries and it does not', () => {
    const silent = someone('/opt/tools/helper', 'helper');
    const child = exec(500, below(silent, { ...claudeShell(silent, 410, 500), cmdline: 'bash -c ls' }));
    const { starts, of } = run([exec(400, silent), child]);
    expect(starts).toMatchObject([{ pid: 400, agent: 'claude-code', recognition: { confidence: 0.65 } }]);
    expect(of(child)?.branch).toMatchObject({ pid: 410, top: true });
  });

  test('unseen itself, by a tool shell of the agent’s form', () => {
    const silent = someone('/opt/tools/helper', 'helper');
    const { starts } = run([exec(500, claudeShell(silent, 410, 500))]);
    expect(starts).toMatchObject([{ pid: 400, recognition: { confidence: 0.73 } }]);
  });

  test.each(['CODEX_THREAD_ID', 'GEMINI_CLI', 'QWEN_CODE', 'GOOSE_TERMINAL'])('%s is such a marker', (name) => {
    const silent = someone('/opt/tools/helper', 'helper');
    const child = below(silent, { pid: 410, start: 500, exepath: '/bin/ls', cmdline: 'ls', env: { [name]: '1' } });
    expect(run([exec(400, silent), exec(500, child)]).starts).toHaveLength(1);
  });

  test('one weak piece alone is not enough', () => {
    expect(run([exec(400, helper)]).starts).toEqual([]);
    expect(run([exec(400, editor), open(500, editor, '/home/u/.claude.json')]).starts).toEqual([]);
    const unseen = below(
      { pid: 77 },
      { pid: 78, start: 1, exepath: '/bin/ls', cmdline: 'ls', env: { CLAUDECODE: '1' } },
    );
    expect(run([exec(400, unseen)]).starts).toEqual([]);
  });

  test('a marker that was inherited or set by hand says nothing of the parent', () => {
    const marked = { env: { CLAUDECODE: '1' } };
    const multiplexer = someone('/usr/bin/tmux', 'tmux: server');
    const shell = below(multiplexer, { pid: 410, start: 500, exepath: '/bin/bash', cmdline: 'bash', ...marked });
    const server = below(shell, { pid: 411, start: 501, exepath: NODE, cmdline: 'node server.js', ...marked });
    const worker = below(server, { pid: 412, start: 502, exepath: NODE, cmdline: 'node worker.js', ...marked });
    expect(run([exec(400, multiplexer), exec(500, shell), exec(501, server), exec(502, worker)]).starts).toEqual([]);
    expect(run([exec(501, server), exec(502, worker)]).starts).toEqual([]);
  });
});

describe('an agent started by an agent', () => {
  const shell = claudeShell(claude, 110, 1_000);
  const codexBelow = (parent: Someone): Someone => below(parent, { ...codex, start: 1_500 });

  test('is a session of its own with a parent', () => {
    const nested = exec(1_500, codexBelow(shell));
    const { starts, of } = run([exec(110, claude), exec(1_000, shell), nested]);
    expect(starts[1]).toMatchObject({ agent: 'codex-cli', parent: starts[0]?.id, startedBy: 'agent' });
    expect(of(nested)?.session.agent).toBe('codex-cli');
  });

  test('even of the same kind, through a shell', () => {
    const again = below(shell, { ...claude, pid: 500, start: 1_500 });
    const { starts } = run([exec(110, claude), exec(1_000, shell), exec(1_500, again)]);
    expect(starts.map(({ pid }) => pid)).toEqual([100, 500]);
    expect(starts[1]?.parent).toBe(starts[0]?.id);
  });

  test('both of whose starts were missed', () => {
    const deep = open(
      2_000,
      below(codexBelow(shell), { pid: 600, start: 1_900, cmdline: 'cat', exepath: '/bin/cat' }),
      '/a',
    );
    const { starts, of } = run([deep]);
    expect(starts.map(({ agent }) => agent)).toEqual(['claude-code', 'codex-cli']);
    expect(of(deep)?.session.agent).toBe('codex-cli');
  });

  test.each([
    ['npm install', 'lifecycle-script'],
    ['npm-cli.js /usr/lib/npm-cli.js ci', 'lifecycle-script'],
    ['node /usr/bin/pnpm -r add left-pad', 'lifecycle-script'],
    ['node /usr/bin/yarn', 'lifecycle-script'],
    ['npm run fix', 'agent'],
    ['node /usr/bin/npx codex', 'agent'],
  ])('below `%s`: %s', (cmdline, startedBy) => {
    const manager = below(shell, { pid: 120, start: 1_100, exepath: NODE, cmdline });
    const script = below(manager, { pid: 121, start: 1_200, exepath: '/bin/dash', cmdline: 'sh -c node setup.js' });
    const events = [exec(110, claude), exec(1_000, shell), exec(1_100, manager), exec(1_200, script)];
    expect(run([...events, exec(1_500, codexBelow(script))]).starts[1]?.startedBy).toBe(startedBy);
  });

  test('a lifecycle script that a person ran counts as one', () => {
    const manager = below(login, { pid: 120, start: 100, exepath: NODE, cmdline: 'node /usr/bin/npm ci' });
    const script = below(manager, { pid: 121, start: 200, exepath: '/bin/dash', cmdline: 'sh -c gemini' });
    const { starts } = run([
      exec(100, manager),
      exec(200, script),
      exec(300, below(script, { ...gemini, start: 300 })),
    ]);
    expect(starts).toMatchObject([{ startedBy: 'lifecycle-script' }]);
    expect(starts[0]?.parent).toBeUndefined();
  });
});

describe('Codex’s daemon', () => {
  const daemon = someone('/home/u/.codex/packages/app-server-daemon/releases/1/bin/codex', 'codex app-server');
  const command = (pid: number, session: string, start: number) =>
    below(daemon, { pid, start, exepath: '/bin/bash', cmdline: 'bash -c ls', env: { CODEX_SESSION_ID: session } });

  test('works for the sessions that the environment names', () => {
    const [a, b, c] = [
      exec(500, command(410, 'A', 500)),
      exec(600, command(411, 'B', 600)),
      exec(700, command(412, 'A', 700)),
    ];
    const { starts, of } = run([exec(400, daemon), a, b, c]);
    expect(starts).toHaveLength(3);
    expect(of(a)?.session.id).toBe(of(c)?.session.id);
    expect(of(a)?.session.id).not.toBe(of(b)?.session.id);
    expect(of(a)?.branch).toMatchObject({ pid: 410, top: true });
  });

  test('what it does itself is for the session that it works for, while there is one only', () => {
    const [first, second] = [open(550, daemon, '/work/repo/a'), open(650, daemon, '/work/repo/b')];
    const one = exec(500, command(410, 'A', 500));
    const { of } = run([exec(400, daemon), one, first, exec(600, command(411, 'B', 600)), second]);
    expect(of(first)?.session.id).toBe(of(one)?.session.id);
    expect(of(second)?.session.id).not.toBe(of(one)?.session.id);
  });

  test('outlives the terminal that started it', () => {
    const started = below(codex, { ...daemon, start: 400 });
    const { starts } = run([exec(300, codex), exec(400, started)]);
    expect(starts.map(({ pid }) => pid)).toEqual([300, 400]);
  });
});
