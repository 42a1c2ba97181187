import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../src/detect/baseline/compare.ts';
import { exportProfiles, readExport } from '../../../src/detect/baseline/exchange.ts';
import type { SessionProfile } from '../../../src/detect/baseline/profile.ts';
import { profile } from '../actions.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('null', '~', '- a', '# b', '__proto__', 'a: b', '\u2028'),
);
const anyProfile = fc
  .record({
    session: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    ended: fc.nat().map(String),
    scope: fc.record({ repository: text, workflow: text, job: text }, { requiredKeys: [] }),
    names: fc.uniqueArray(text, { maxLength: 8 }),
    vouched: fc.boolean(),
    doubts: fc.option(fc.array(text, { maxLength: 2 })),
  })
  .map(({ vouched, doubts, ...rest }): SessionProfile => {
    const shapes = rest.names.length > 0 ? [rest.names.map((_, at) => at), [0]] : [[]];
    return profile({ ...rest, ...(vouched && { vouched }), ...(doubts && { doubts }), shapes, path: [0, 0] });
  });

describe('an exported baseline', () => {
  test('reads back as exactly what was written, whatever the names hold', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyProfile, { selector: ({ session }) => session, maxLength: 6 }), (profiles) => {
        const document = exportProfiles(profiles, 2);
        const read = readExport(document, 'x');
        const sorted = (some: readonly SessionProfile[]) => some.toSorted((a, b) => (a.session < b.session ? -1 : 1));
        expect(sorted(read)).toEqual(sorted(profiles));
        expect(exportProfiles(read.toReversed(), 2)).toBe(document);
      }),
    );
  });

  test('shows what is usual as comments, so that a change of it shows in a diff', () => {
    const profiles = [
      profile({ session: 'a' }),
      profile({ session: 'b', names: ['program node'], shapes: [[0]], path: [] }),
    ];
    expect(exportProfiles(profiles, 2)).toContain(
      '# "acme/shop › agent › implement › codex-cli": 2 sessions, 1 of 2 elements known\n#   "program node"\n'.replaceAll(
        '›',
        '\\u203a',
      ),
    );
  });

  test.each([
    ['creance: [', 'is no YAML document'],
    ['hello: world', 'is no exported baseline'],
    ['creance: baseline\nversion: 2\nsessions:\n  - session: UPPER', 'session 1'],
  ])('is refused with the reason: %j', (document, reason) => {
    expect(() => readExport(document, 'x.yaml')).toThrow(reason);
  });
});

test('a comparison tells what would newly be normal, and what no longer', () => {
  const pair = (names: readonly string[]) =>
    ['a', 'b'].map((session) => profile({ session, names: [...names], shapes: [names.map((_, at) => at)], path: [0] }));
  expect(compareProfiles(pair(['program curl', 'program node']), pair(['program node', 'program ssh']), 2)).toEqual([
    {
      scope: 'acme/shop › agent › implement › codex-cli',
      before: 2,
      after: 2,
      gained: ['program ssh'],
      lost: ['program curl'],
    },
  ]);
  expect(compareProfiles(pair(['program node']), pair(['program node']), 2)).toEqual([]);
});
