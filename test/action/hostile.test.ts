import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../src/action/family.ts';
import { familiesOfText } from '../../src/action/script.ts';
import { oneLine } from '../../src/action/wrapper.ts';
import { exec, exit, modelActions, play, type Step, started } from './rig.ts';

const HOSTILE = [
  'echo a\nrm -rf /\n',
  '\u001b[31mred\u001b]0;title\u0007',
  'x'.repeat(4_096),
  `${'('.repeat(2_000)}`,
  `${'$('.repeat(600)}ls`,
  'lone \ud800 surrogate \udc00',
  '__proto__ constructor toString',
  "' ; eval '\"$(",
  '\u0000\u0001\ufeff',
  '',
];

describe('hostile command lines', () => {
  it.each(HOSTILE)('become one readable line: %j', (text) => {
    const wrapper = `bash -c source /h/shell-snapshots/s.sh && eval '${text}' < /dev/null && pwd`;
    const [action, ...more] = modelActions([started, exec(0, 200, 200, wrapper), exit(9, 200, 200)]);
    expect(more).toEqual([]);
    expect(action?.title.length).toBeLessThanOrEqual(240);
    expect(action?.title).not.toMatch(/[\n\r]|\p{Surrogate}/u);
    expect(action?.symbol).toMatch(/^[\w.+@#:…\- ]+$/);
  });

  it('never throw, and keep names short and plain', () => {
    const text = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 5 }), (name, args) => {
        expect(oneLine(name)).not.toMatch(/\n/);
        expect(familyOf({ name, args })).toMatch(/^[\w.+@#\-: ]{0,80}$/);
        for (const family of familiesOfText(args.join(' '))) expect(family).toMatch(/^[\w.+@#\-: ]{0,80}$/);
      }),
    );
  });
});

const FILES = [
  '/home/runner/work/app/a.js',
  '/home/runner/work/app/.env',
  '/proc/self/fd/9/a.js.tmp.1.ab',
  '/etc/passwd',
  '//x/../y',
  '',
  'rel/x',
];
const CALLS = [
  'execve',
  'openat',
  'rename',
  'unlink',
  'symlink',
  'connect',
  'listen',
  'chmod',
  'procexit',
  'ptrace',
  'setuid',
  '__proto__',
  '',
];

const step = fc.record({
  gap: fc.integer({ min: 0, max: 3_000 }),
  call: fc.constantFrom(...CALLS),
  pid: fc.integer({ min: 200, max: 206 }),
  under: fc.option(fc.integer({ min: 200, max: 203 }), { nil: undefined }),
  file: fc.constantFrom(...FILES),
  flags: fc.constantFrom('O_RDONLY', 'O_WRONLY|O_CREAT', 'O_DIRECTORY|O_RDONLY', ''),
  result: fc.constantFrom('SUCCESS', 'ENOENT'),
  exits: fc.boolean(),
  cmdline: fc.constantFrom('bash -c source /h/shell-snapshots/s.sh', 'node x.js', 'git status', ''),
});

describe('any events', () => {
  it('end in exactly one action each', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (drawn) => {
        let now = 0;
        const steps = drawn.map(({ gap, under, file, cmdline, exits, ...rest }): Step => {
          now += gap;
          const path = { name: file, source: file, target: file };
          const process = { cmdline, name: cmdline.split(' ')[0] ?? '', exepath: '/usr/bin/x' };
          const { pid, ...own } = rest;
          return {
            ...own,
            at: now,
            file,
            path,
            process,
            exits: exits && rest.call === 'procexit',
            ...(under !== undefined && { pid, under }),
          };
        });
        const { actions: shown } = play([started, ...steps], { config: { maxOpen: 2, maxFiles: 2 } });
        const actions = shown.filter(({ preview }) => !preview);
        expect(actions.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(steps.length + 1);
        const numbers = actions.flatMap(({ events }) => events);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(numbers).toHaveLength(steps.length + 1);
        const indexes = actions.map(({ index }) => index).sort((a, b) => a - b);
        expect(indexes).toEqual(actions.map((_, place) => place));
      }),
    );
  });
});
