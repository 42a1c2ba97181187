import { below, type Someone } from '../support/events.ts';

/** The processes that the timelines are about. */
export const CI = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_WORKFLOW: 'agent', GITHUB_JOB: 'fix', GITHUB_RUN_ID: '7' };
const NODE = '/usr/bin/node';

export const login: Someone = { pid: 90, cmdline: 'bash', exepath: '/usr/bin/bash', start: 0 };

const CLAUDE_EXE = '/usr/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe';
export const claude: Someone = below(login, {
  pid: 100,
  exe: 'claude',
  exepath: CLAUDE_EXE,
  cmdline: 'claude -p fix --dangerously-skip-permissions',
  env: CI,
  start: 100,
});
/** A shell in which Claude runs a command. */
export const claudeShell = (parent: Someone, pid: number, start: number): Someone =>
  below(parent, {
    pid,
    exepath: '/usr/bin/bash',
    cmdline: `bash -c source /home/runner/.claude/shell-snapshots/snapshot-bash-1-a.sh 2>/dev/null || true && eval 'npm test' < /dev/null && pwd -P >| /tmp/claude-1-cwd`,
    env: { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'abc' },
    start,
    sid: pid,
    vpid: pid,
  });
export const tool = (parent: Someone, pid: number, start: number, cmdline = 'npm test'): Someone =>
  below(parent, { pid, exepath: NODE, cmdline, start });

export const gemini: Someone = below(login, {
  pid: 200,
  name: 'node',
  exepath: NODE,
  cmdline: 'node /usr/bin/gemini --yolo -p fix',
  start: 200,
});
export const geminiInner: Someone = below(gemini, {
  pid: 201,
  name: 'node',
  exepath: NODE,
  cmdline: 'node --max-old-space-size=4096 /usr/bin/gemini --yolo -p fix',
  start: 230,
});

export const CODEX_EXE = '/usr/lib/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex';
export const codex: Someone = below(login, {
  pid: 300,
  exepath: CODEX_EXE,
  cmdline: 'codex exec --sandbox=danger-full-access fix',
  start: 300,
});
