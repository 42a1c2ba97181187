import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FalcoEvent } from '../../src/model/event.ts';
import { at, below, exec, exit, open, type Someone } from '../support/events.ts';
import { claude, claudeShell, codex, gemini, geminiInner, tool } from './cast.ts';
import { run } from './run.ts';

const LATENESS = 2_000;

const shell = claudeShell(claude, 110, 1_000);
const npm = tool(shell, 111, 1_010);
const nested = below(shell, { ...codex, pid: 310, start: 1_800 });
const story: readonly FalcoEvent[] = [
  exec(110, claude),
  exec(201, gemini),
  exec(231, geminiInner),
  open(300, claude, '/work/repo/a', { thread: 290 }),
  exec(1_001, shell),
  exec(1_011, npm),
  open(1_200, npm, '/work/repo/b'),
  exit(1_300, claude, { thread: 290 }),
  exit(1_700, npm),
  exec(1_801, nested),
  exit(2_500, nested),
  exit(2_600, shell),
  exit(2_700, geminiInner),
  exit(2_701, gemini),
  exit(3_000, claude),
];

/** The events in an order in which each may be late by what is allowed. */
const disordered = fc
  .array(fc.integer({ min: 0, max: LATENESS - 50 }), { minLength: story.length, maxLength: story.length })
  .map((delays) =>
    story
      .map((event, index) => ({ event, seen: event.time - at(0) + BigInt(delays[index] ?? 0) * 1_000_000n }))
      .sort((a, b) => Number(a.seen - b.seen))
      .map(({ event }) => event),
  );

const setOf = (events: readonly FalcoEvent[]) =>
  run([...events, 70_000], { allowedLatenessMs: LATENESS }, { end: false })
    .ends.map(({ session, reason, time }) => [session.id, session.agent, session.start, session.parent, reason, time])
    .sort();

test('any order within the allowed lateness gives the same sessions', () => {
  const expected = setOf(story);
  expect(expected).toHaveLength(3);
  fc.assert(
    fc.property(disordered, (events) => {
      expect(setOf(events)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

const NOBODY: Someone = { pid: 0 };
const IMAGES: readonly Pick<Someone, 'exepath' | 'cmdline' | 'exe'>[] = [claude, codex, gemini, shell, npm, NOBODY].map(
  ({ exepath, cmdline, exe }) => ({ ...(exepath && { exepath }), ...(cmdline && { cmdline }), ...(exe && { exe }) }),
);
const someone = fc.record({ pid: fc.integer({ min: 1, max: 12 }), image: fc.constantFrom(...IMAGES) });
const anyEvent = fc
  .record({
    who: someone,
    above: fc.array(someone, { maxLength: 4 }),
    time: fc.integer({ min: 0, max: 100_000 }),
    start: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
    kind: fc.constantFrom('exec', 'open', 'exit'),
    env: fc.constantFrom({}, { CLAUDECODE: '1' }, { CODEX_SESSION_ID: 'x' }, { GITHUB_REPOSITORY: '__proto__' }),
    path: fc.constantFrom('/a', '/home/u/.claude/projects/x', '/home/u/.codex/sessions/x'),
  })
  .map(({ who, above, time, start, kind, env, path }) => {
    const flat = (one: typeof who): Someone => ({ pid: one.pid, ...one.image });
    const acting = { ...flat(who), env, above: above.map(flat), ...(start !== undefined && { start }) };
    return kind === 'exec' ? exec(time, acting) : kind === 'exit' ? exit(time, acting) : open(time, acting, path);
  });

test('random events never throw; each session starts once and ends once, and every event lies between', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const { outputs, processes, accounts, traced } = run(events, { maxProcesses: 8, maxSessions: 2 });
      const open = new Set<string>();
      const seen = new Set<string>();
      for (const output of outputs) {
        const { id } = output.session;
        if (output.type === 'session-start') {
          expect(seen.has(id)).toBe(false);
          seen.add(id);
          open.add(id);
          expect(open.size).toBeLessThanOrEqual(3);
        } else if (output.type === 'session-end') expect(open.delete(id)).toBe(true);
        else expect(open.has(id)).toBe(true);
      }
      expect(open.size).toBe(0);
      expect(processes).toBeLessThanOrEqual(8);
      expect(traced.length + accounts.unattributed).toBe(events.length);
    }),
    { numRuns: 1_000 },
  );
});
