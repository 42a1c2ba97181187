import { expect, test } from 'vitest';
import { createDecoder } from '../../src/decode/decoder.ts';
import { encodeResponse, responseOfJson } from '../support/falco-messages.ts';

const decode = createDecoder();
const SECOND = 1_000_000_000n;
const AT = BigInt(Date.parse('2026-11-23T01:00:00Z')) * 1_000_000n;

const report = (fields: object, more: object = {}) =>
  JSON.stringify({
    hostname: 'vm',
    output: 'Falco internal: syscall event drop',
    output_fields: fields,
    priority: 'Debug',
    rule: 'Falco internal: syscall event drop',
    source: 'internal',
    time: '2026-11-23T01:00:00.000000000Z',
    ...more,
  });

test('a report of drops is a gap of the second before it, by either intake', () => {
  const text = report({ n_drops: '207971', n_evts: '307726' });
  const gap = { type: 'gap', cause: 'falco-drop', from: AT - SECOND, to: AT, lost: 207_971, node: 'vm' };
  expect(decode({ type: 'json', text })).toEqual(gap);
  expect(decode({ type: 'proto', bytes: responseOfJson(text) })).toEqual(gap);
});

test('drops of which the number is unknown are a gap all the same', () => {
  for (const fields of [{}, { n_drops: null }, { n_drops: '<NA>' }, { n_drops: '1e400' }, { n_drops: 'many' }])
    expect(decode({ type: 'json', text: report(fields) })).toEqual({
      type: 'gap',
      cause: 'falco-drop',
      from: AT - SECOND,
      to: AT,
      node: 'vm',
    });
});

test('neither the name alone nor the source alone makes one: anybody can name a rule so', () => {
  expect(decode({ type: 'json', text: report({}, { source: 'syscall' }) })).toMatchObject({ type: 'event' });
  expect(decode({ type: 'json', text: report({}, { rule: 'Falco internal: metrics snapshot' }) })).toMatchObject({
    type: 'event',
    source: 'internal',
  });
});

test('a report of drops at the beginning of time is none', () => {
  const bytes = encodeResponse({
    rule: 'Falco internal: syscall event drop',
    source: 'internal',
    time: { seconds: 0 },
  });
  expect(decode({ type: 'proto', bytes })).toMatchObject({ type: 'gap', to: 0n });
});
