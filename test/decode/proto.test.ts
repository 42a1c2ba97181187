import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Envelope, isRejected, type Rejected } from '../../src/decode/envelope.ts';
import { createProtoReader } from '../../src/decode/proto.ts';
import {
  decodeResponse,
  decodeVersion,
  encodeResponse,
  encodeVersion,
  type Response,
  realMessages,
  responseOfJson,
} from '../support/falco-messages.ts';

const PRIORITIES = ['EMERGENCY', 'ALERT', 'CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFORMATIONAL', 'DEBUG'];
const real = [...realMessages('line-output'), ...realMessages('json-output')];
const namesIn = (bytes: Buffer) => new Set(Object.keys(decodeResponse(bytes).output_fields));

const accepted = (reading: Envelope | Rejected): Envelope => {
  if (isRejected(reading)) throw new Error(`${reading.rejected}: ${reading.detail}`);
  return reading;
};
const read = (bytes: Uint8Array, wanted: ReadonlySet<string> = new Set()) => createProtoReader(wanted)(bytes);

/** What the reader must make of a message, by what proto-loader makes of it. */
const asEnvelope = (bytes: Buffer) => {
  const { time, priority, output_fields: fields, ...rest } = decodeResponse(bytes) as Required<Response>;
  return {
    time: BigInt(time?.seconds ?? 0) * 1_000_000_000n + BigInt(time?.nanos ?? 0),
    priority: PRIORITIES.indexOf(String(priority)),
    fields,
    rule: rest.rule,
    output: rest.output,
    hostname: rest.hostname,
    tags: rest.tags,
    source: rest.source,
  };
};
const plain = (envelope: Envelope) => ({ ...envelope, output: envelope.output(), fields: { ...envelope.fields } });

describe('our proto files and the real wire', () => {
  test('real events have all their fields in them, and nothing else', () => {
    for (const bytes of real) {
      const response = decodeResponse(bytes);
      expect(Object.keys(response.output_fields).length).toBeGreaterThan(0);
      expect(decodeResponse(encodeResponse(response))).toEqual(response);
      expect(encodeResponse(withoutDefaults(response)).length).toBe(bytes.length);
    }
  });

  test('the version', () => {
    const [bytes] = realMessages('version');
    const version = decodeVersion(bytes as Buffer);
    expect(version).toMatchObject({ version: '0.43.1', major: 0, minor: 43, patch: 1, engine_version: '0.58.0' });
    expect(encodeVersion(withoutDefaults(version))).toEqual(bytes);
  });
});

describe('real messages', () => {
  test('give what proto-loader gives', () => {
    for (const bytes of real) expect(plain(accepted(read(bytes, namesIn(bytes))))).toEqual(asEnvelope(bytes));
  });

  test('give wanted fields and variables of the environment only', () => {
    const bytes = real.find((message) => namesIn(message).has('proc.pid')) as Buffer;
    const { fields } = accepted(read(bytes, new Set(['proc.pid', 'no.such.field'])));
    const others = Object.keys(fields).filter((name) => !name.startsWith('proc.env['));
    expect(others).toEqual(['proc.pid']);
    expect(Object.keys(fields)).toContain('proc.env[GITHUB_REPOSITORY]');
    expect(Object.getPrototypeOf(fields)).toBeNull();
  });

  test('cut short at any byte never throw', () => {
    for (const bytes of real) {
      const reader = createProtoReader(namesIn(bytes));
      for (let length = 0; length < bytes.length; length += 1) reader(bytes.subarray(0, length));
    }
  });

  test('mutated never throw, and answer as quickly', () => {
    const mutation = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });
    const reader = createProtoReader(new Set(real.flatMap((bytes) => [...namesIn(bytes)])));
    const start = performance.now();
    fc.assert(
      fc.property(fc.constantFrom(...real), mutation, (bytes, changes) => {
        const mutated = Buffer.from(bytes);
        for (const [at, value] of changes) mutated[at % mutated.length] = value;
        reader(mutated);
      }),
      { numRuns: 2_000 },
    );
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('random bytes', () => {
  test('never throw', () => {
    const reader = createProtoReader(new Set(['a']));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void reader(bytes)),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['nothing at all', [], 'not-an-event'],
    ['an endless number', Array(40).fill(0xff), 'not-protobuf'],
    ['a length beyond the end', [0x32, 0xff, 0xff, 0xff, 0x7f], 'not-protobuf'],
    ['a field beyond the end of its map entry', [0x32, 0x02, 0x0a, 0x05, 1, 2, 3, 4, 5], 'not-protobuf'],
    ['groups in groups in groups', Array(100_000).fill(0x5b), 'not-protobuf'],
    ['a field number 0', [0x02, 0x00], 'not-protobuf'],
  ])('%s', (_, bytes, reason) => {
    expect(read(Uint8Array.from(bytes as number[]))).toMatchObject({ rejected: reason });
  });
});

describe('proto3', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const response = fc.record({
    time: fc.record({ seconds: fc.nat(2 ** 31 - 1), nanos: fc.nat(999_999_999) }),
    priority: fc.constantFrom(...PRIORITIES),
    rule: fc.string({ minLength: 1, maxLength: 40 }),
    output: fc.string({ maxLength: 300 }),
    output_fields: fc.dictionary(fc.oneof(text, fc.constantFrom('proc.pid', 'proc.env[A]', 'evt.type')), text),
    hostname: text,
    tags: fc.array(text, { maxLength: 5 }),
    source: text,
  });

  test('any message gives what proto-loader gives, unknown fields or not', () => {
    const extra = encodeUnknown();
    fc.assert(
      fc.property(response, fc.boolean(), fc.boolean(), (message, before, after) => {
        const bytes = encodeResponse(message);
        const padded = Buffer.concat([...(before ? [extra] : []), bytes, ...(after ? [extra] : [])]);
        expect(plain(accepted(read(padded, namesIn(bytes))))).toEqual(asEnvelope(bytes));
      }),
    );
  });

  test('fields come in any order, and the last of each counts', () => {
    const part = (message: Response) => encodeResponse({ time: null, ...message });
    const bytes = Buffer.concat([
      part({ source: 'syscall' }),
      part({ tags: ['one'] }),
      part({ output_fields: { 'evt.type': 'old' } }),
      part({ rule: 'first' }),
      part({ time: { seconds: 7 } }),
      part({ tags: ['two'], output_fields: { 'evt.type': 'new' } }),
      part({ rule: 'last' }),
    ]);
    expect(plain(accepted(read(bytes, new Set(['evt.type']))))).toEqual({
      time: 7_000_000_000n,
      priority: 0,
      rule: 'last',
      output: '',
      hostname: '',
      tags: ['one', 'two'],
      source: 'syscall',
      fields: { 'evt.type': 'new' },
    });
  });

  test('an entry of the map may lack its key, its value, or have them the other way round', () => {
    const entry = (...bytes: number[]) => Buffer.from([0x32, bytes.length, ...bytes]);
    const base = encodeResponse({ rule: 'x', time: { seconds: 1 } });
    const bytes = Buffer.concat([
      base,
      entry(0x0a, 1, 0x61), // "a" without a value
      entry(0x12, 1, 0x31, 0x0a, 1, 0x62), // "1" for "b"
      entry(0x12, 1, 0x32), // "2" for ""
      entry(),
    ]);
    expect(accepted(read(bytes, new Set(['a', 'b']))).fields).toEqual({ a: '', b: '1' });
  });

  test('hostile names are names like others', () => {
    const bytes = encodeResponse({ rule: 'x', time: { seconds: 1 } });
    const entry = Buffer.concat([
      Buffer.from([0x32, 14, 0x0a, 9]),
      Buffer.from('__proto__'),
      Buffer.from([0x12, 1, 0x31]),
    ]);
    const { fields } = accepted(read(Buffer.concat([bytes, entry]), new Set(['__proto__'])));
    expect(Object.keys(fields)).toEqual(['__proto__']);
  });

  test('more variables than are remembered are still read', () => {
    const reader = createProtoReader(new Set());
    for (let n = 0; n < 600; n += 1) {
      const name = `proc.env[V${n}]`;
      const bytes = encodeResponse({ rule: 'x', time: { seconds: 1 }, output_fields: { [name]: String(n) } });
      expect(accepted(reader(bytes)).fields).toEqual({ [name]: String(n) });
    }
  });

  test.each([
    ['no time', { time: null }],
    ['a time before 1970', { time: { seconds: '-1' } }],
    ['a time after 9999', { time: { seconds: '253402300800' } }],
    ['nanoseconds beyond a second', { time: { seconds: 1, nanos: 1_000_000_000 } }],
  ])('%s is refused', (_, message) => {
    expect(read(encodeResponse({ rule: 'x', ...message }))).toMatchObject({ rejected: 'bad-time' });
  });

  test('a Uint8Array that is no Buffer, and a view into another', () => {
    const bytes = encodeResponse({ rule: 'x', time: { seconds: 1 }, hostname: 'é' });
    const wide = new Uint8Array(bytes.length + 10);
    wide.set(bytes, 5);
    expect(accepted(read(wide.subarray(5, 5 + bytes.length))).hostname).toBe('é');
  });
});

test('an event of the JSON outputs, sent by gRPC, keeps its fields', () => {
  const lines = readFileSync(new URL('../fixtures/wire/http-output-0.44.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const { body } = JSON.parse(line);
    const event = JSON.parse(body);
    const envelope = accepted(read(responseOfJson(body), new Set(Object.keys(event.output_fields))));
    expect(Object.keys(envelope.fields).sort()).toEqual(Object.keys(event.output_fields).sort());
    expect(PRIORITIES[Number(envelope.priority)]?.toLowerCase()).toBe(event.priority.toLowerCase());
    expect(envelope.rule).toBe(event.rule);
  }
});

/** Falco leaves out what is zero or empty, as proto3 does; proto-loader writes all that it is given. */
function withoutDefaults<Message extends object>(message: Message): Partial<Message> {
  const isSet = ([, value]: [string, unknown]) => value !== 0 && value !== '' && value !== 'SYSCALL';
  return Object.fromEntries(Object.entries(message).filter(isSet)) as Partial<Message>;
}

/** Fields that this version of the contract does not have: a number, a string, and numbers of 4 and 8 bytes. */
function encodeUnknown(): Buffer {
  return Buffer.from([
    0x78, 0x96, 0x01, 0x82, 0x01, 0x02, 0x68, 0x69, 0x8d, 0x01, 1, 2, 3, 4, 0x91, 0x01, 1, 2, 3, 4, 5, 6, 7, 8,
  ]);
}
