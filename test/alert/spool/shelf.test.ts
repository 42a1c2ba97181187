import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLine, writeKept, writeLine } from '../../../src/alert/spool/line.ts';
import { Shelf } from '../../../src/alert/spool/shelf.ts';
import { anAlert, at } from '../timeline.ts';

describe('a line of the journal', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 }).map((raw) => Buffer.from(raw).toString());

  it('is read as it was written, whatever an alert holds', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        text,
        fc.bigInt(-(2n ** 62n), 2n ** 62n),
        fc.array(text),
        (put, summary, endsAt, sessions) => {
          const alert = anAlert('a', { annotations: { summary }, endsAt, sessions, generatorURL: 'https://x/' });
          const line = writeLine({ put, alert });
          expect(line.indexOf('\n')).toBe(line.length - 1);
          expect(readLine(line)).toEqual({ put, alert });
        },
      ),
    );
    for (const line of [{ done: 1, sink: 's' }, { gone: 1 }, { put: 1, alert: anAlert('a') }])
      expect(readLine(writeLine(line))).toEqual(line);
  });

  it.each([
    '',
    '{}',
    'null',
    '{"put":1}',
    '{"gone":-1}',
    '{"put":1,"alert":{"labels":{},"annotations":{},"startsAt":1}}',
    '{"go',
  ])('is not %j', (line) => expect(readLine(line)).toBeUndefined());
});

describe('Shelf', () => {
  const step = fc.oneof(
    fc.record({ rule: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ done: fc.nat(9), sink: fc.constantFrom('x', 'y') }),
    fc.record({ gone: fc.nat(9) }),
  );

  it('says the same when it is read from its own lines, and from all that were ever written', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [shelf, journal] = [new Shelf(), new Shelf()];
        for (const move of steps) {
          if ('rule' in move) {
            const alert = anAlert(move.rule, { startsAt: at(1) });
            journal.read({ put: shelf.put(alert).id, alert });
          } else for (const one of [shelf, journal]) one.read(move);
        }
        const again = new Shelf();
        for (const text of shelf.all().map(writeKept).join('').split('\n').slice(0, -1)) {
          const line = readLine(text);
          if (line) again.read(line);
        }
        expect(again.all()).toEqual(shelf.all());
        expect(journal.all()).toEqual(shelf.all());
      }),
    );
  });
});
