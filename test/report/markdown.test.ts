import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/report/markdown.ts';
import { aFinding, aReport, context } from './session.ts';

const accused = aReport(
  ['npm test', 'cat ~/.npmrc | head'],
  [
    aFinding({
      summary: 'A credential was read: cat ~/.npmrc | head',
      actions: [1],
      expected: 'npm test (3 of 4 times)',
    }),
  ],
  { recording: 'bad' },
);
const clean = aReport(['npm test'], [], { recording: 'good' });

describe('the job summary', () => {
  it('tells the outcome, the findings and the timeline', () => {
    expect(markdown([accused], context)).toMatchInlineSnapshot(`
      "## ❌ creance: 1 agent session, 1 with findings from warning upwards

      ### 🟠 claude-code in acme/shop › ci › fix: error: 1 finding

      <code>bad</code> · session <code>claude-code-0123456789ab</code> · 2 actions in 2.0 s

      | severity | rule | what | where |
      |---|---|---|---|
      | 🟠 error | <code>credential-read</code> | A credential was read<br>usual here: npm test (3 of 4 times) | <code>cat &#126;/.npmrc &#124; head</code> |

      <details><summary>What the agent did</summary>

      | | time | kind | action |
      |---|---|---|---|
      |  | 12:00:00.0 | shell | <code>npm test</code> |
      | 🟠 | 12:00:01.0 | shell | <code>cat &#126;/.npmrc &#124; head</code> |

      </details>

      "
    `);
  });

  it('puts the accused first', () => {
    const text = markdown([clean, accused], context);
    expect(text).toMatch(/^## ❌ creance: 2 agent sessions, 1 with findings from warning upwards\n/);
    expect(text.indexOf('<code>bad')).toBeLessThan(text.indexOf('<code>good'));
  });

  it('is green when nothing reaches the floor', () => {
    expect(markdown([accused], { ...context, floor: 'critical' })).toMatch(/^## ✅/);
  });

  it('stays below what GitHub takes, and says what it leaves out', () => {
    const many = Array.from({ length: 300 }, () => aReport(Array.from({ length: 400 }, () => '*'.repeat(200))));
    const text = markdown([...many, accused], context);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(text).toContain('<code>bad');
    expect(text).toMatch(/… and \d+ sessions more\n$/);
  });
});
