import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { parseTime } from '../../src/cli/verdict.ts';
import { writeWhole } from '../../src/cli/whole-file.ts';
import { verdicts } from '../../src/report/verdicts.ts';
import { aFinding, aReport, context } from '../report/session.ts';
import { capture } from './capture.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'creance-verdict-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const creance = async (...argv: string[]) => {
  const { io, written } = capture({ cwd: directory });
  const code = await run(['verdict', ...argv], io);
  return { code, ...written };
};

const findings = [
  aFinding({ severity: 'notice', rule: 'small' }),
  aFinding({ severity: 'error', summary: 'A credential was read: cat x\u001b[2J' }),
];
const accused = verdicts([aReport(['npm test']), aReport(['cat x'], findings)], context);

describe('creance verdict', () => {
  it('fails on grave findings and tells them', async () => {
    writeFileSync(join(directory, 'v'), accused);
    const { code, out } = await creance('v');
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "claude-code-0123456789ab  claude-code  acme/shop › ci › fix
      claude-code-0123456789ab  claude-code  acme/shop › ci › fix
        error    credential-read: A credential was read: cat x\\u{1b}[2J
      findings of warning or above: do not publish
      "
    `);
  });

  it('passes what stays below', async () => {
    writeFileSync(join(directory, 'v'), accused);
    const { code, out } = await creance('v', '--fail-on', 'critical');
    expect([code, out.split('\n').at(-2)]).toEqual([0, '2 sessions, no finding of critical or above']);
  });

  it('waits for the file', async () => {
    const waiting = creance('--wait', 'v', '--timeout', '20s');
    setImmediate(() => writeWhole(join(directory, 'v'), accused));
    expect((await waiting).code).toBe(1);
  });

  it('does not pass when none comes in time', async () => {
    const { code, err } = await creance('--wait', 'v', '--timeout', '1ms');
    expect([code, err]).toEqual([3, `creance: ${directory}/v was not there within 0.001 s\n`]);
  });

  it('waits for as many sessions as it is told of', async () => {
    const file = join(directory, 'v');
    const first = verdicts([aReport(['npm test'])], context);
    writeWhole(file, first);
    const short = await creance('--wait', 'v', '--sessions', '2', '--timeout', '1ms');
    expect([short.code, short.err]).toEqual([3, `creance: ${file} did not tell of 2 sessions within 0.001 s\n`]);
    const waiting = creance('--wait', 'v', '--sessions', '2', '--timeout', '20s');
    setImmediate(() => writeWhole(file, accused));
    expect((await waiting).code).toBe(1);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', `${accused}{"session`],
    ['another JSON', '{}\n'],
    ['a severity that is none', accused.replace('"error"', '"harmless"')],
  ])('does not pass a file that holds %s', async (_, text) => {
    writeFileSync(join(directory, 'v'), text);
    const { code, err } = await creance('v');
    expect([code, err]).toEqual([3, `creance: ${directory}/v is no verdict file\n`]);
  });

  it.each([
    ['--timeout', 'soon'],
    ['--timeout', '9999999h'],
    ['--fail-on', 'much'],
  ])('refuses %s %s', async (...flag) => {
    expect((await creance('v', ...flag)).code).toBe(2);
  });
});

it.each([
  ['500ms', 500],
  ['60s', 60_000],
  ['60', 60_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('%s is a time', (text, length) => {
  expect(parseTime(text)).toBe(length);
});

it('a file that is written whole leaves nothing beside it, may be read by others, and says why it could not be', () => {
  const path = join(directory, 'v');
  writeWhole(path, 'one');
  writeWhole(path, 'two');
  expect(readdirSync(directory)).toEqual(['v']);
  expect(statSync(path).mode & 0o044).toBe(0o044);
  expect(() => writeWhole(join(directory, 'none/v'), 'x')).toThrow(`${directory}/none/v cannot be written: ENOENT`);
});
