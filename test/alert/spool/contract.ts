import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { openSpool } from '../../../src/alert/spool/open.ts';
import type { SpoolPlace } from '../../../src/alert/spool/place.ts';
import type { Spool, SpoolOptions } from '../../../src/alert/spool/spool.ts';
import type { Alert } from '../../../src/model/alert.ts';
import { ManualClock } from '../../../src/platform/clock.ts';
import { createRegistry, type Registry } from '../../../src/platform/metrics.ts';
import { expectCounted, expectLog, type LogLine } from '../../faults/fault.ts';
import type { Fault } from '../../faults/row.ts';
import { until } from '../../support/until.ts';
import { anAlert, at } from '../timeline.ts';

/** A process with a spool, as far as the spool can tell. */
export interface Process {
  readonly spool: Spool;
  readonly clock: ManualClock;
  readonly registry: Registry;
}

/** A place as its tests see it. */
export interface Bench {
  readonly place: () => SpoolPlace;
  /** Ends the process as a crash does: nothing more of it reaches the place, which another may have. */
  readonly crash: (process: Process) => Promise<void>;
  /** The lines that are there. */
  readonly lines: () => Promise<readonly string[]>;
  /** Makes the line that holds `text` unreadable. */
  readonly damage: (text: string) => Promise<void>;
  /** What has been set aside. */
  readonly aside: () => Promise<string>;
  /** Refuses all that is written, with a message that holds `reason`, and takes it again. */
  readonly refuse: () => Promise<void>;
  readonly accept: () => Promise<void>;
  readonly reason: string;
  readonly where: string;
  /** What a refusal does to one who runs, and to one who starts with what another left. */
  readonly refused: Fault;
  readonly unread: Fault;
}

/** What all processes of a test have said, and they themselves. */
export const log: (LogLine & { [key: string]: unknown })[] = [];
export const health: string[] = [];
const processes: Process[] = [];
const logger = () => pino({}, { write: (line) => log.push(JSON.parse(line)) });

/** To be called first: what is set up after it is still there when the processes end. */
export const endProcesses = (): void => {
  afterEach(async () => {
    for (const { spool } of processes) await spool.close();
    for (const list of [log, health, processes]) list.length = 0;
  });
};

export const start = async (
  place: SpoolPlace,
  over: Partial<SpoolOptions> = {},
  clock = new ManualClock(at(10)),
): Promise<Process> => {
  const registry = createRegistry();
  const note = (ready: boolean, detail: string) => health.push(`${ready ? 'ready' : 'not ready'}: ${detail}`);
  const deps = { log: logger(), clock, registry, health: note };
  const spool = await openSpool(place, { capacity: 10, sinks: ['am', 'file'], ...over }, deps);
  const process = { spool, clock, registry };
  processes.push(process);
  return process;
};
/** Starts one that has to wait; the time of all passes meanwhile. */
export const startWaiting = async (place: SpoolPlace, over: Partial<SpoolOptions> = {}): Promise<Process> => {
  const clock = new ManualClock(at(10));
  let process: Process | undefined;
  const starting = start(place, over, clock).then((started) => {
    process = started;
  });
  await until(() => {
    for (const each of [clock, ...processes.map((one) => one.clock)]) each.advance(250);
    return process;
  });
  await starting;
  if (!process) throw new Error('it has started');
  return process;
};
export const rules = (alerts: readonly Alert[]) => alerts.map(({ labels }) => labels.rule).join('');
export const messages = () => log.map(({ msg }) => msg);
/** Holds what is said of readiness to the row. */
export const expectHealth = ({ readyz }: Fault, said: string | undefined): void =>
  expect(said).toMatch(new RegExp(`^${readyz.ready ? 'ready' : 'not ready'}: ${readyz.detail}`));
export const am = { name: 'am', repeats: true };
const file = { name: 'file' };

const root = join(import.meta.dirname, '../../..');
const loader = join(root, 'test/bench/typescript.mjs');
/** A process that ends in the turn in which it was handed 100 alerts. */
const KILLED = `
const { ROOT, PLACE } = process.env;
const [{ openSpool }, { anAlert }, { systemClock }, { createRegistry }, { pino }] = await Promise.all([
  import(ROOT + '/src/alert/spool/open.ts'),
  import(ROOT + '/test/alert/timeline.ts'),
  import(ROOT + '/src/platform/clock.ts'),
  import(ROOT + '/src/platform/metrics.ts'),
  import('pino'),
]);
const deps = { log: pino(), clock: systemClock, registry: createRegistry() };
const spool = await openSpool(JSON.parse(PLACE), { capacity: 1_000, sinks: ['am'] }, deps);
for (let n = 0; n < 100; n++) spool.put(anAlert('r' + n));
process.kill(process.pid, 'SIGKILL');
`;

/** What every place has to do. */
export const contract = (bench: Bench): void => {
  const { place, crash, lines, damage, aside, refuse, accept, reason, where, refused, unread } = bench;
  const open = (over?: Partial<SpoolOptions>) => start(place(), over);
  /** Once the place has all that was said so far. */
  const kept = (...texts: readonly string[]) =>
    until(async () => {
      const all = (await lines()).join('\n');
      return texts.every((text) => all.includes(text));
    });
  const tried = async ({ clock }: Process, done: () => boolean) => {
    clock.advance(10_000);
    await until(done);
  };

  it('hands a new process what fires, and to each sink what it has not got', async () => {
    const process = await open();
    const [a, b, c] = [anAlert('a'), anAlert('b', { sessions: ['s'] }), anAlert('c', { endsAt: at(2) })];
    for (const alert of [a, b, c]) process.spool.put(alert);
    process.spool.settle('am', [a, c]);
    process.spool.settle('file', [a]);
    await kept('it was a', 'it was b', 'it was c', '"sink":"file"');
    await crash(process);
    const { spool } = await open();
    expect(spool.firing()).toEqual([a, b]);
    expect(rules(spool.pendingFor(am))).toBe('ab');
    expect(rules(spool.pendingFor(file))).toBe('bc');
    expect(log).toEqual([]);
  });

  it('forgets an alert that is over once all sinks have it, and those of sinks that are no more', async () => {
    const first = await open();
    first.spool.put(anAlert('a'));
    await kept('it was a');
    const [over, half] = [anAlert('a', { endsAt: at(1) }), anAlert('b', { endsAt: at(1) })];
    first.spool.put(over);
    first.spool.put(half);
    first.spool.settle('am', [over, half]);
    first.spool.settle('file', [over]);
    await kept('it was b', '"sink":"am"');
    await crash(first);
    const second = await open();
    expect(second.spool.pendingFor(file)).toEqual([half]);
    await crash(second);
    expect((await open({ sinks: ['am'] })).spool.pendingFor(file)).toEqual([]);
  });

  it('has all that was handed over in the moment in which the process is killed', async () => {
    const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', KILLED], {
      env: { ...process.env, ROOT: root, PLACE: JSON.stringify(place()) },
    });
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    await kept(...Array.from({ length: 100 }, (_, n) => `"it was r${n}"`));
  });

  it('does not take an older state for the newer one', async () => {
    const { spool } = await open();
    const older = anAlert('a');
    spool.put(older);
    spool.put(anAlert('a', { endsAt: at(1) }));
    spool.settle('am', [older]);
    expect(rules(spool.pendingFor(am))).toBe('a');
  });

  it('keeps no more than its capacity, in the place too', async () => {
    const process = await open({ capacity: 3 });
    for (let n = 0; n < 5_000; n++) process.spool.put(anAlert(`r${n % 7}`));
    expect(process.spool.firing()).toHaveLength(3);
    await kept(`r${4_999 % 7}`);
    expect((await lines()).length).toBeLessThan(3_000);
    await crash(process);
    const { spool, registry } = await open({ capacity: 2 });
    expect(rules(spool.firing())).toBe(`r${4_998 % 7}r${4_999 % 7}`);
    expect(await registry.metrics()).toContain('creance_spool_dropped_total 1\n');
  });

  it('goes on with what can be read of what was damaged, sets it aside and tells', async () => {
    const first = await open();
    for (const rule of 'abc') first.spool.put(anAlert(rule));
    await kept('it was a', 'it was b', 'it was c');
    await crash(first);
    await damage('it was b');
    const second = await open();
    expect(rules(second.spool.firing())).toBe('ac');
    expect(log).toMatchObject([{ level: 50, lines: 1, alerts: 2, msg: expect.stringContaining('set aside') }]);
    expect(await aside()).toContain('it was c');
    await crash(second);
    expect(rules((await open()).spool.firing())).toBe('ac');
    expect(log).toHaveLength(1);
  });

  it('leaves the place to the process that has it, and takes it over when that has ended', async () => {
    const first = await open();
    const second = await startWaiting(place());
    expect(messages()).toEqual([expect.stringContaining('another creance')]);
    expect(health.at(-1)).toMatch(/^ready: another creance has the spool/);
    second.spool.put(anAlert('b'));
    const told = health.length;
    await tried(second, () => health.length > told);
    expect(messages()).toHaveLength(1);
    await first.spool.close();
    await tried(second, () => messages().at(-1) === `alerts are kept ${where} again`);
    expect((await lines()).join()).toContain('it was b');
  });

  it('lets an alert that comes while it cannot be written go on, tells once, and writes all once it can', async () => {
    const process = await open();
    const { spool, clock, registry } = process;
    for (const rule of 'ab') spool.put(anAlert(rule));
    await kept('it was b');
    await refuse();
    const b = anAlert('b', { endsAt: at(1) });
    spool.put(b);
    await until(() => health.length > 1);
    expectHealth(refused, health[1]);
    spool.put(anAlert('c'));
    for (const sink of ['am', 'file']) spool.settle(sink, [b]);
    expect(rules(spool.pendingFor(am))).toBe('ac');
    await tried(process, () => health.length > 2);
    expect(log).toMatchObject([{ level: 50, msg: refused.log[0], reason: expect.stringContaining(reason) }]);
    expect(await registry.metrics()).toContain('creance_spool_errors_total{cause="broken"} 2\n');
    await accept();
    await tried(process, () => messages().length === 2);
    expectLog(refused, log);
    expectCounted(refused, await registry.metrics());
    expect(health.map((line) => line.split(':')[1])).toEqual([
      ` alerts are kept ${where}`,
      ` alerts cannot be kept ${where}`,
      ` alerts cannot be kept ${where}`,
      ` alerts are kept ${where}`,
    ]);
    spool.put(anAlert('d'));
    await kept('it was a', 'it was c', 'it was d');
    await crash(process);
    const left = rules((await open()).spool.firing());
    expect(left).toBe('acd');
    expect([...'acd'].filter((rule) => !left.includes(rule))).toHaveLength(refused.lost.count);
    expect(clock.now()).toBe(at(30));
  });

  it('delivers as over what an earlier process left, where that can be read only later', async () => {
    const first = await open();
    const [a, b, c] = [anAlert('a'), anAlert('b', { endsAt: at(2) }), anAlert('c')];
    for (const alert of [a, b, c]) first.spool.put(alert);
    first.spool.settle('am', [a, b, c]);
    await kept('"sink":"am"');
    await crash(first);
    await refuse();
    const second = await open();
    const late: [Alert, readonly string[]][] = [];
    second.spool.onLate((alert, knownBy) => late.push([alert, [...knownBy]]));
    expect(second.spool.firing()).toEqual([]);
    const newer = anAlert('c', { annotations: { summary: 'newer' } });
    second.spool.put(newer);
    await accept();
    expectHealth(unread, health.at(-1));
    await tried(second, () => messages().at(-1) === `alerts are kept ${where} again`);
    expectLog(unread, log);
    expectCounted(unread, await second.registry.metrics());
    expect(late).toHaveLength(2 - unread.lost.count);
    expect(late).toEqual([
      [{ ...a, endsAt: second.clock.now() }, []],
      [b, ['am']],
    ]);
    expect(second.spool.firing()).toEqual([newer]);
    await kept('newer', `"endsAt":"${second.clock.now()}"`);
  });

  it('writes down at its end what could not be written before', async () => {
    const process = await open();
    await refuse();
    process.spool.put(anAlert('a'));
    await until(() => health.length > 1);
    await accept();
    await process.spool.close();
    expect(rules((await open()).spool.firing())).toBe('a');
  });
};
