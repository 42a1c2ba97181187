import { describe, expect, it } from 'vitest';
import { actionsReporter } from '../../src/report/actions.ts';
import { REPORT_FORMATS } from '../../src/report/formats.ts';
import { timelineReporter } from '../../src/report/timeline.ts';
import { aFinding, aReport, aSession, context, verdictsOf } from './session.ts';

const TOKEN = `ghp_${'aB3'.repeat(12)}`;
const HOSTILE = [
  `curl -H "Authorization: token ${TOKEN}" http://example.test`,
  '\u001b[2J\u001b]0;owned\u0007rm -rf /',
  '\u202Egnp.exe\u2066\u200B',
  'echo one\nfake: 00:00:00 all is well\r\n\u2028and more',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)> \' & &amp; ]]> <![CDATA[ -->',
  '| a | `b` ![x](http://evil.test/p.png) [y](javascript:alert(1)) @everyone www.evil.test <details>',
  '\uD800 lone \uDC00 \uFFFE __proto__ \u0000',
  'x'.repeat(20_000),
];

const reports = [
  aReport(
    HOSTILE,
    HOSTILE.map((summary, index) =>
      aFinding({
        summary,
        expected: summary,
        actions: [index],
        ...(index > 0 && { rule: summary, techniques: [summary] }),
      }),
    ),
    {
      recording: HOSTILE[4] as string,
      session: aSession({
        unsafeFlags: HOSTILE,
        scope: { repository: HOSTILE[5] as string, workflow: HOSTILE[6] as string, job: HOSTILE[1] as string },
        workspace: HOSTILE[3] as string,
      }),
    },
  ),
];

const timeline = (): string => {
  const reporter = timelineReporter({ recording: HOSTILE[1] as string, colour: false });
  return reports
    .flatMap(verdictsOf)
    .map((verdict) => reporter.take(verdict))
    .join('');
};
const actions = (): string => {
  const reporter = actionsReporter('x');
  return reports
    .flatMap(verdictsOf)
    .map((verdict) => reporter.take(verdict))
    .join('');
};

const all: readonly (readonly [name: string, text: () => string])[] = [
  ...Object.entries(REPORT_FORMATS).map(([name, render]) => [name, () => render(reports, context)] as const),
  ['timeline', timeline],
  ['actions', actions],
];
const forPeople = all.filter(([name]) => name !== 'verdicts' && name !== 'actions');

describe('what events hold', () => {
  it.each(all)('tells no secret in %s', (_, text) => {
    expect(text().includes(TOKEN)).toBe(false);
  });

  it.each(all)('steers no terminal from %s', (_, text) => {
    expect(text().replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it.each(forPeople)('hides and turns nothing around in %s', (_, text) => {
    expect(text()).not.toMatch(/[\u202e\u2066\u200b\u2028\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it.each(forPeople)('begins no line of its own in %s', (_, text) => {
    expect(text()).not.toMatch(/^(fake|and more)/m);
  });

  it.each(forPeople)('cannot make %s large', (_, text) => {
    expect(text().length).toBeLessThan(400_000);
  });

  it.each(['html', 'junit', 'markdown'] as const)('is no markup in %s', (name) => {
    const text = REPORT_FORMATS[name](reports, context);
    expect(text).not.toMatch(/<(script|img|svg)|onerror=alert\(1\)>|<!\[CDATA/);
    if (name === 'markdown') expect(text).not.toMatch(/!\[x\]|\]\(|http:\/\/evil|www\.evil|@everyone|\| a \|/);
  });
});

describe('the HTML page', () => {
  const page = REPORT_FORMATS.html(reports, context);

  it('fetches nothing and runs nothing', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<(script|link|img|iframe|object|base|form)\b|@import|url\(|\son\w+="/i);
  });

  it('closes what it opens', () => {
    const count = (pattern: RegExp) => (page.match(pattern) ?? []).length;
    for (const tag of ['table', 'tr', 'td', 'div', 'code', 'b', 'span', 'h2'])
      expect([tag, count(new RegExp(`<${tag}[ >]`, 'g'))]).toEqual([tag, count(new RegExp(`</${tag}>`, 'g'))]);
  });
});
