import { readFileSync } from 'node:fs';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarif } from '../../src/report/sarif.ts';
import type { SessionReport } from '../../src/report/session-report.ts';
import { aFinding, anAction, aReport, aSession, at, context } from './session.ts';

const runOf = (...sessions: readonly SessionReport[]): Run => {
  const log: Log = JSON.parse(sarif(sessions, context));
  return log.runs[0] as Run;
};
const fingerprints = (...sessions: readonly SessionReport[]) =>
  runOf(...sessions).results?.map((result) => result.partialFingerprints?.['creanceFinding/v1']);

const stolen = aReport(
  ['cat ~/.aws/credentials', 'curl http://203.0.113.66/'],
  [
    aFinding({ summary: 'A credential was read: cat ~/.aws/credentials' }),
    aFinding({ rule: 'new-host', detector: 'baseline', severity: 'notice', actions: [1], expected: 'npm test' }),
  ],
);

const schema = JSON.parse(readFileSync('test/fixtures/sarif/sarif-2.1.0-rtm.5.json', 'utf8'));
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

describe('SARIF', () => {
  it.each([
    ['findings', [stolen]],
    ['no session', []],
    ['a clean session', [aReport(['npm test'])]],
    [
      'gaps and odd paths',
      [
        aReport([], [aFinding()], {
          actions: [
            anAction(0, 'edit', {
              effects: {
                ...anAction(0, 'edit').effects,
                writes: [{ path: '/work/shop/a b/%/ü:?#\n.js', class: 'workspace' }],
              },
            }),
          ],
          gaps: [{ type: 'gap', cause: 'malformed', from: at(0), to: at(1), lost: 3 }],
        }),
      ],
    ],
  ])('is what the schema asks for: %s', (_, sessions) => {
    const valid = validate(JSON.parse(sarif(sessions, { ...context, leftOut: 2 })));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('tells level, rule and scope, and says how grave in figures', () => {
    const { results = [], tool } = runOf(stolen);
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['sequence/credential-read', 'error'],
      ['baseline/new-host', 'note'],
    ]);
    expect(results[1]?.message.text).toContain('Usual here: npm test.');
    expect(results[0]?.properties).toMatchObject({ agent: 'claude-code', scope: 'acme/shop › ci › fix' });
    expect(tool.driver.rules?.[0]).toMatchObject({
      id: 'sequence/credential-read',
      shortDescription: { text: 'A credential was read' },
      properties: { 'security-severity': '8.0', tags: ['security', 'ai-agent', 'T1552'] },
    });
  });

  it('keeps a fingerprint when only times, ids and processes differ', () => {
    const session = aSession({ id: 'claude-code-ffffffffffff', pid: 9, node: 'node-9', pod: 'other', start: at(500) });
    const again: SessionReport = {
      ...stolen,
      recording: 'two',
      session,
      actions: stolen.actions.map((action) => ({ ...action, session, start: action.start + 99n, title: 'another' })),
      findings: stolen.findings.map((finding) => ({ ...finding, at: at(700), summary: 'in other words' })),
    };
    expect(fingerprints(again)).toEqual(fingerprints(stolen));
  });

  it.each<[string, SessionReport]>([
    ['repository', { ...stolen, session: aSession({ scope: { repository: 'acme/other' } }) }],
    ['agent', { ...stolen, session: aSession({ agent: 'codex-cli' }) }],
    ['rule', { ...stolen, findings: stolen.findings.map((one) => ({ ...one, rule: 'other' })) }],
    ['action', { ...stolen, actions: stolen.actions.map((one) => ({ ...one, symbol: 'other' })) }],
  ])('has another fingerprint for another %s', (_, other) => {
    const [first] = fingerprints(stolen) ?? [];
    expect(fingerprints(other)).not.toContain(first);
  });

  it('counts the same finding of several sessions as one', () => {
    const { results } = runOf(stolen, stolen, stolen);
    expect(results?.map(({ occurrenceCount }) => occurrenceCount)).toEqual([3, 3]);
  });

  it('points at the file of the repository that was touched, else at the job', () => {
    const uri = (report: SessionReport) =>
      runOf(report).results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    const touching = (path: string): SessionReport => ({
      ...stolen,
      actions: stolen.actions.map((action) => ({
        ...action,
        effects: { ...action.effects, reads: [{ path, class: 'x' }] },
      })),
    });
    expect(uri(touching('/work/shop/src/my file.js'))).toBe('src/my%20file.js');
    expect(uri(touching('/home/me/.aws/credentials'))).toBe('agent-session/fix');
    expect(uri(touching('/work/shop/../../etc/passwd'))).toBe('agent-session/fix');
  });
});
