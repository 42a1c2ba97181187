import { expect, it } from 'vitest';
import { junit } from '../../src/report/junit.ts';
import { aFinding, aReport, at, context } from './session.ts';

it('fails a test case for each rule at the floor or above, with all its findings', () => {
  const report = aReport(
    ['cat x', 'cat y'],
    [
      aFinding({ summary: 'A credential was read: cat x' }),
      aFinding({ summary: 'A credential was read: cat y', severity: 'critical', actions: [1] }),
      aFinding({ rule: 'new-program', detector: 'baseline', severity: 'notice' }),
    ],
  );
  expect(junit([report], context)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="creance" tests="3" failures="1" errors="0">
      <testsuite name="one: claude-code, acme/shop › ci › fix" id="claude-code-0123456789ab" tests="3" failures="1" errors="0" skipped="0" time="2.000" timestamp="2026-03-01T12:00:00">
        <testcase classname="creance.claude-code" name="the session was seen whole"/>
        <testcase classname="creance.claude-code" name="sequence credential-read">
          <failure type="critical" message="A credential was read: cat y">
    critical at 12:00:01.0: A credential was read: cat y
    error at 12:00:01.0: A credential was read: cat x
    session claude-code-0123456789ab
          </failure>
        </testcase>
        <testcase classname="creance.claude-code" name="baseline new-program"/>
      </testsuite>
    </testsuites>
    "
  `);
});

it('passes a clean session, and skips what it could not see', () => {
  const blind = aReport(['npm test'], [], { gaps: [{ type: 'gap', cause: 'overflow', from: at(0), to: at(1) }] });
  expect(junit([blind], context)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="creance" tests="2" failures="0" errors="0">
      <testsuite name="one: claude-code, acme/shop › ci › fix" id="claude-code-0123456789ab" tests="2" failures="0" errors="0" skipped="1" time="1.000" timestamp="2026-03-01T12:00:00">
        <testcase classname="creance.claude-code" name="the session was seen whole"><skipped message="overflow"/></testcase>
        <testcase classname="creance.claude-code" name="nothing from warning upwards was found"/>
      </testsuite>
    </testsuites>
    "
  `);
});

it('is a document without sessions as well', () => {
  expect(junit([], context)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="creance" tests="0" failures="0" errors="0">
    </testsuites>
    "
  `);
});
