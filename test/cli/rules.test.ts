import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const RULE = `id: mine
title: Mine
description: Something of my own.
level: warning
detection:
  selection:
    title|contains: forbidden
tests:
  - { name: it is done, expect: match, steps: [{ run: forbidden thing }] }
  - { name: something else, expect: quiet, steps: [{ run: ls }] }
`;

describe('creance rules', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'creance-rules-'));
    await writeFile(join(cwd, 'good.yaml'), RULE);
    await writeFile(join(cwd, 'typo.yaml'), RULE.replace('title|contains', 'titel|contains'));
    await writeFile(join(cwd, 'wrong.yaml'), RULE.replace('run: ls', 'run: forbidden too'));
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  const creance = async (line: string) => {
    const { io, written } = capture({ cwd });
    const code = await run([...line.split(' ').map((word) => word.replace('CWD', cwd)), '--log-level', 'silent'], io);
    return { code, ...written };
  };

  it('lists what is in force', async () => {
    const { code, out } = await creance('rules list --set detect.sequence.rules=CWD/good.yaml');
    expect(code).toBe(0);
    expect(out).toMatch(/^shell-on-socket +critical +A shell speaks to a socket +\(T20\)$/m);
    expect(out).toMatch(/^mine +warning +Mine$/m);
  });

  it('tells a typo with its line and column', async () => {
    expect(await creance('rules lint CWD/good.yaml')).toMatchObject({ code: 0, out: '1 rule: ok\n' });
    const { code, err } = await creance('rules lint CWD/typo.yaml');
    expect(code).toBe(2);
    expect(err).toBe(`creance: ${cwd}/typo.yaml:7:5: unknown fact "titel"; did you mean title?\n`);
  });

  it('runs the timelines of rules', async () => {
    expect(await creance('rules test')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+ timelines, 0 failed\n$/),
    });
    expect(await creance('rules test CWD/wrong.yaml')).toMatchObject({
      code: 3,
      out: 'failed  mine: something else: should stay quiet, and matches\n2 timelines, 1 failed\n',
    });
  });

  it('lists what rules can ask about', async () => {
    expect((await creance('rules facts')).out).toMatch(/^writes\.path +string +Path of a file/m);
  });
});
