import { expect, it } from 'vitest';
import type { Alert } from '../../src/model/alert.ts';
import { alertLine } from '../../src/report/alert-line.ts';
import { at } from './session.ts';

const alert: Alert = {
  type: 'alert',
  labels: { alertname: 'CreanceX', severity: 'error', agent: 'a', job: 'fix "it"' },
  annotations: { summary: 'two steps' },
  startsAt: at(1),
};

it.each([
  [alert, '2026-03-01T12:00:01.000Z firing   error CreanceX agent="a" job="fix \\"it\\"" - two steps\n'],
  [
    { ...alert, endsAt: at(2) },
    '2026-03-01T12:00:02.000Z resolved error CreanceX agent="a" job="fix \\"it\\"" - two steps\n',
  ],
])('tells a state of an alert in a line', (state, line) => {
  expect(alertLine(state)).toBe(line);
});
