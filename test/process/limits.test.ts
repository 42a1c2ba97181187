import { expect, test } from 'vitest';
import { createRegistry } from '../../src/platform/metrics.ts';
import { Accounts, registerProcessMetrics } from '../../src/process/metrics.ts';
import { below, exec, open, type Someone } from '../support/events.ts';
import { claude, login } from './cast.ts';
import { run } from './run.ts';

const stranger = (pid: number): Someone =>
  below(login, { pid, start: pid, cmdline: `worker ${pid}`, exepath: '/usr/bin/worker' });

test('processes are bounded, and agents of open sessions are not forgotten', () => {
  const crowd = Array.from({ length: 5_000 }, (_, index) => exec(1_000 + index, stranger(1_000 + index)));
  const last = open(9_000, claude, '/a');
  const { processes, accounts, starts, of } = run([exec(110, claude), ...crowd, last], { maxProcesses: 100 });
  expect(processes).toBeLessThanOrEqual(100);
  expect(accounts.processEvictions()).toBe(4_901);
  expect(starts).toHaveLength(1);
  expect(of(last)).toBeDefined();
});

test('sessions are bounded: the longest silent makes room, and counts as not seen to its end', () => {
  const agents = [1, 2, 3].map((n) => exec(n * 1_000, { ...claude, pid: n * 1_000, start: n * 1_000 - 1 }));
  const { ends, accounts } = run(agents, { maxSessions: 2 });
  expect(ends.map(({ session, reason }) => [session.pid, reason])).toEqual([
    [1_000, 'silence'],
    [2_000, 'stream-end'],
    [3_000, 'stream-end'],
  ]);
  expect([...(accounts.ended.get('claude-code') ?? [])]).toEqual([
    ['limit', 1],
    ['stream-end', 2],
  ]);
});

test('what a session holds back is bounded', () => {
  const many = Array.from({ length: 2_000 }, (_, index) => open(1_000 + index / 10, claude, '/a'));
  const { outputs } = run(many, { allowedLatenessMs: 3_600_000 }, { end: false });
  expect(outputs).toHaveLength(2_001);
});

test('metrics', async () => {
  const registry = createRegistry();
  const accounts = new Accounts();
  registerProcessMetrics(registry, ['claude-code', 'codex-cli'], accounts);
  accounts.processes = () => 7;
  accounts.open = () => new Map([['claude-code', 2]]);
  accounts.processEvictions = () => 3;
  accounts.unattributed = 5;
  accounts.end('claude-code', 'limit');
  const text = await registry.metrics();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toEqual([
    'creance_processes 7',
    'creance_sessions_open{agent="claude-code"} 2',
    'creance_sessions_open{agent="codex-cli"} 0',
    'creance_process_evictions_total 3',
    'creance_sessions_total{agent="claude-code",reason="limit"} 1',
    'creance_events_unattributed_total 5',
  ]);
});
