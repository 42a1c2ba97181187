import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const creance = async (...argv: readonly string[]) => {
  const { io, written } = capture();
  return { code: await run(argv, io), ...written };
};

test('list shows id, name, whether verified, and kinds of evidence', async () => {
  const { code, out } = await creance('agents', 'list');
  const lines = out.trimEnd().split('\n');
  expect(code).toBe(0);
  expect(lines).toHaveLength(11);
  expect(lines[0]).toMatch(/^ID +NAME +VERIFIED +EVIDENCE$/);
  expect(lines[3]).toMatch(
    /^claude-code +Claude Code +yes +executable, command line, environment, config directory, ancestry$/,
  );
});

test('list as JSON', async () => {
  const { out } = await creance('agents', 'list', '--json');
  expect(JSON.parse(out)).toContainEqual({
    id: 'aider',
    name: 'Aider',
    verified: false,
    evidence: ['executable', 'command line', 'config directory'],
  });
});

test('test names the agent, its confidence and evidence, and why the others not', async () => {
  const { code, out } = await creance(
    'agents',
    'test',
    '--exepath',
    '/usr/bin/node',
    '--',
    'node',
    '/usr/bin/gemini',
    '-p',
    'x',
  );
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Gemini CLI\n\ngemini-cli: agent, confidence 0\.95\n {2}\+ executable and command line: linked by npm\n/,
  );
  expect(out).toContain('qwen-code: no\n');
  expect(out).toContain('- executable: installer: exepath does not match /\\.opencode/bin/opencode$');
});

test('test takes the executable from a command that is a path', async () => {
  expect((await creance('agents', 'test', '--', '/usr/local/bin/codex', 'exec', 'x')).out).toMatch(/^Codex CLI\n/);
});

test.each([
  ['a wrapper', ['bash', '-c', 'claude -p x']],
  ['a mention', ['run.sh', '/opt/x/run.sh', 'claude', '-p']],
])('test knows %s for none', async (_, words) => {
  expect((await creance('agents', 'test', '--', ...words)).out).toMatch(/^no agent by this alone\n/);
});

test('test as JSON, with what is only suspected and what is marked', async () => {
  const { out } = await creance(
    'agents',
    'test',
    '--json',
    '--env',
    'CLAUDECODE=1',
    '--',
    'helper',
    '--sandbox',
    'danger-full-access',
  );
  const [first, second] = JSON.parse(out);
  expect(first).toMatchObject({ id: 'codex-cli', verdict: 'suspected', confidence: 0.4 });
  expect(second).toMatchObject({ id: 'claude-code', verdict: 'child' });
  expect(second.reasons[0]).toMatch(/^carries CLAUDECODE: /);
});

test('wrong usage', async () => {
  expect(await creance('agents', 'test', '--env', 'X', '--', 'y')).toMatchObject({ code: 2 });
  const { code, err } = await creance('agents', 'list', '--set', 'process.agents=/nowhere.yaml');
  expect([code, err.split('\n')[0]]).toEqual([3, expect.stringContaining('/nowhere.yaml cannot be read')]);
});
