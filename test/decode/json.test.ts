import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../src/decode/decoder.ts';
import { isRejected } from '../../src/decode/envelope.ts';
import { parseRfc3339, readJson } from '../../src/decode/json.ts';
import type { FalcoEvent } from '../../src/model/event.ts';

const decode = createDecoder();
const decodeText = (text: string) => decode({ type: 'json', text });
const eventOf = (text: string): FalcoEvent => {
  const decoded = decodeText(text);
  if ('rejected' in decoded || decoded.type !== 'event') throw new Error(`no event: ${text.slice(0, 200)}`);
  return decoded;
};

const TIME = '"time":"2026-11-23T01:05:48.569113045Z"';
const withFields = (fields: string) =>
  `{"output_fields":{${fields}},"priority":"Notice","rule":"r","tags":["creance"],${TIME}}`;
const real = readFileSync('test/fixtures/wire/http-output-0.44.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).body as string);

describe('nanoseconds', () => {
  const startOf = (fields: string) => eventOf(withFields(`"proc.pid":1,${fields}`)).process?.startTime;

  test('are exact above 2^53, where JSON.parse rounds', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (time) => {
        expect(startOf(`"proc.pid.ts":${time}`)).toBe(time);
        expect(startOf(`"proc.pid.ts": ${time}, "proc.tty":0`)).toBe(time);
      }),
    );
  });

  test('are those of the field, whatever a command line shows', () => {
    const cmdline = JSON.stringify('echo "proc.pid.ts":1795395948569113046, {"proc.pid.ts":1795395948569113047}');
    expect(startOf(`"proc.cmdline":${cmdline},"proc.pid.ts":1795395948569113045`)).toBe(1_795_395_948_569_113_045n);
    expect(startOf(`"proc.pid.ts":1795395948569113045,"proc.pname":${cmdline}`)).toBe(1_795_395_948_569_113_045n);
  });

  test('of a key that stands twice are the last, as for every other', () => {
    expect(startOf('"proc.pid.ts":1795395948569113045,"proc.pid.ts":1795395948569113999')).toBe(
      1_795_395_948_569_113_999n,
    );
  });

  test.each([
    '1e400',
    '-1e400',
    '1.5e300',
    '1795395948569113045.5',
    '99999999999999999999999',
    '-1795395948569113045',
    '[]',
    '{}',
    'true',
    '"x"',
  ])('that are %s are none', (value) => expect(startOf(`"proc.pid.ts":${value}`)).toBeUndefined());

  test('of the event come from its time, to the last digit', () => {
    expect(eventOf(withFields('')).time).toBe(1_795_395_948_569_113_045n);
    const base = BigInt(Date.parse('2026-11-23T01:05:48Z')) * 1_000_000n;
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.integer({ min: 1, max: 9 }), (fraction, digits) => {
        const shown = String(fraction).padStart(9, '0').slice(0, digits);
        expect(parseRfc3339(`2026-11-23T01:05:48.${shown}Z`)).toBe(base + BigInt(shown.padEnd(9, '0')));
      }),
    );
  });

  test.each([
    '',
    '2026-11-23',
    '2026-11-23T01:05:48',
    '2026-11-23T01:05:48+01:00',
    '2026-02-30T25:00:00Z',
    '1795395948',
    ' 2026-11-23T01:05:48Z',
  ])('are not read from %j', (text) => expect(parseRfc3339(text)).toBeUndefined());
});

describe('hostile documents', () => {
  const DEEP = 100_000;
  const nest = (open: string, middle: string, close: string) => open.repeat(DEEP) + middle + close.repeat(DEEP);

  test.each([
    ['brackets without end', '['.repeat(DEEP)],
    ['braces without end', '{"a":'.repeat(DEEP)],
    ['deep lists in a field', withFields(`"proc.cmdline":${nest('[', '1', ']')},"proc.pid":1`)],
    ['deep objects in a field', withFields(`"proc.pid":${nest('{"a":', '1', '}')}`)],
    ['a deep document', nest('[', '', ']')],
    ['a deep tag', `{"rule":"r","output_fields":{},"tags":${nest('[', '', ']')},${TIME}}`],
    ['a hundred thousand keys', withFields(Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join(','))],
    ['a megabyte of one string', withFields(`"proc.cmdline":"${'x'.repeat(1_000_000)}"`)],
    [
      'a million quotes',
      withFields(`"proc.pid":1,"proc.pid.ts":1795395948569113045,"proc.cmdline":"${'\\"'.repeat(500_000)}"`),
    ],
  ])('%s: answered within bounded time', (_, text) => {
    const start = performance.now();
    decodeText(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('names of the prototype are names like others, and change nothing', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const hostile =
      '"__proto__":{"proc.pid":666,"isAdmin":true},"constructor":{"prototype":{"x":1}},"toString":1,"hasOwnProperty":0';
    const event = eventOf(`{"__proto__":{"rule":"forged"},${withFields(`${hostile},"proc.pid":1`).slice(1)}`);
    expect(event.process?.pid).toBe(1);
    expect(event.rule).toBe('r');
    expect(eventOf(withFields(hostile)).process).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect('isAdmin' in {}).toBe(false);
  });

  test('what must be there cannot come from a prototype', () => {
    expect(decodeText(`{"__proto__":{"rule":"r","output_fields":{}},${TIME}}`)).toMatchObject({
      rejected: 'not-an-event',
    });
  });

  test('lone surrogates, controls and line ends stay text', () => {
    const controls = Array.from({ length: 4_096 }, (_, n) => String.fromCharCode(n % 32)).join('');
    for (const value of ['\ud800', 'a\udfffb', '\u2028\u2029', '\u001b[2J', '\u0000', controls]) {
      expect(eventOf(withFields(`"proc.pid":1,"proc.cmdline":${JSON.stringify(value)}`)).process?.cmdline).toBe(value);
    }
  });

  test('of keys that stand twice the last counts', () => {
    expect(eventOf(withFields('"proc.pid":1,"proc.pid":2')).process?.pid).toBe(2);
    expect(decodeText(`{"rule":"r","output_fields":{},${TIME},"rule":5}`)).toMatchObject({ rejected: 'not-an-event' });
  });

  test('a byte order mark is no part of an event', () => {
    expect(decodeText(`\uFEFF${withFields('')}`)).toMatchObject({ rejected: 'not-json', lost: true });
  });

  test('wrong types everywhere give an event with less in it, or none', () => {
    const key = fc.constantFrom('time', 'rule', 'priority', 'output_fields', 'output', 'hostname', 'source', 'tags');
    const fieldName = fc.constantFrom(
      'proc.pid',
      'proc.pid.ts',
      'evt.type',
      'proc.apid[1]',
      'proc.env[A]',
      'fd.sport',
      'user.uid',
      'n_drops',
    );
    const fields = fc.dictionary(fieldName, fc.jsonValue());
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(fc.jsonValue(), fields)), fields, (changes, given) => {
        const whole = { rule: 'r', time: '2026-11-23T01:05:48Z', output_fields: given, ...changes };
        const decoded = decodeText(JSON.stringify(whole));
        if ('rejected' in decoded || decoded.type !== 'event') return;
        expect(typeof decoded.rule).toBe('string');
        expect(typeof decoded.hostname).toBe('string');
        expect(decoded.tags.every((tag) => typeof tag === 'string')).toBe(true);
        if (decoded.process) expect(Number.isSafeInteger(decoded.process.pid)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('damaged documents never throw', () => {
  test('any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => void decodeText(text)),
      { numRuns: 3_000 },
    );
  });

  test('real events cut anywhere are refused, and a loss', () => {
    for (const text of real)
      for (let length = 1; length < text.length; length += 7)
        expect(readJson(text.slice(0, length))).toMatchObject({ rejected: 'not-json', lost: true });
  });

  test('real events with characters changed', () => {
    const mutation = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 0xffff })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...real), mutation, (text, changes) => {
        const units = [...text].map((character) => character);
        for (const [at, unit] of changes) units[at % units.length] = String.fromCharCode(unit);
        const decoded = readJson(units.join(''));
        expect(isRejected(decoded) ? decoded.rejected : 'event').toMatch(/^(not-json|not-an-event|bad-time|event)$/);
      }),
      { numRuns: 1_000 },
    );
  });
});
