import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSequenceRules } from '../../src/detect/sequence/rule.ts';
import { trialsOf } from '../../src/detect/sequence/timeline/trial.ts';
import { toIso } from '../../src/model/time.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { describeWithServer, type Server, startAlertmanager } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { expectCounted, expectLog, expectReadyz, fault, sumOf } from './fault.ts';
import type { Fault } from './row.ts';
import { type Service, startService } from './service.ts';

const RULE = 'credential-read-then-egress';
const HOUR = 3_600_000_000_000n;
const RESEND_MS = 200;
const SENT = 'creance_alertmanager_sent_total';

/** The clock of this machine, whose date can be set. */
const settableClock = () => {
  let offset = 0n;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  const move = (by: bigint): void => {
    offset += by;
  };
  return { clock, move };
};

interface Held {
  readonly startsAt: string;
  readonly status: { readonly state: string };
}

describeWithServer(
  'prometheus-alertmanager',
  'the date of the machine, while a session is open and its alert fires',
  () => {
    let alertmanager: Server;
    let falco: FalcoDouble;
    let service: Service;
    let time: ReturnType<typeof settableClock>;
    /** The agent talks to its model now, and is done. */
    let work: () => void;
    let exit: () => void;

    const held = async (): Promise<readonly Held[]> => {
      const answer = await fetch(`${alertmanager.url}/api/v2/alerts?filter=${encodeURIComponent(`rule="${RULE}"`)}`);
      return (await answer.json()) as readonly Held[];
    };
    const active = () =>
      until(async () => {
        const [alert] = await held();
        return alert?.status.state === 'active' && alert;
      });

    beforeEach(async () => {
      alertmanager = await startAlertmanager();
      falco = await startFalco();
      time = settableClock();
      const pauses = { 'source.grpc.reconnectMinMs': '10', 'source.grpc.reconnectMaxMs': '50' };
      const alerts = { 'alert.alertmanagers': alertmanager.url, 'alert.resendMs': String(RESEND_MS) };
      const settings = {
        ...pauses,
        ...alerts,
        'alert.minFiringMs': '1',
        'process.orphanMs': '1000',
        'source.url': falco.url,
      };
      service = await startService(settings, time.clock);
      // A session of this moment: Falco's own clock is right.
      const [trial] = trialsOf(loadSequenceRules([])).filter(({ rule }) => rule === RULE);
      const events = trial?.events(systemClock.now() - trial.lasts) ?? [];
      const again =
        (event = '') =>
        () => {
          const dated = { ...JSON.parse(event), time: toIso(systemClock.now()) };
          falco.push(responseOfJson(JSON.stringify(dated)));
        };
      work = again(events[1]);
      exit = again(events.at(-1));
      falco.push(...events.slice(0, -1).map(responseOfJson));
    });
    afterEach(async () => {
      await service.stop();
      falco.dispose();
      await alertmanager.dispose();
    });

    /** What Alertmanager holds and `/livez` says, until all that fires was sent again several times over. */
    const seenMeanwhile = async (): Promise<readonly string[]> => {
      const seen = new Set<string>();
      const sent = await service.metric(SENT);
      await until(async () => {
        for (const { startsAt, status } of await held()) seen.add(`${status.state} since ${startsAt}`);
        seen.add(`livez ${await service.livez()}, ${(await held()).length} alert`);
        return (await service.metric(SENT)) >= sent + 6;
      });
      return [...seen].sort();
    };

    /** In silence as well as with events that come, nothing of what the row says is lost. */
    const unharmed = async (row: Fault, startsAt: string): Promise<void> => {
      const asBefore = [`active since ${startsAt}`, 'livez 200, 1 alert'];
      const late = await service.metric('creance_late_events_total');
      expect(await seenMeanwhile()).toEqual(asBefore);
      const received = await service.metric('creance_source_records_total');
      work();
      await until(async () => (await service.metric('creance_source_records_total')) === received + 1);
      expect(await seenMeanwhile()).toEqual(asBefore);
      expectReadyz(row, await service.readyz());
      expect(service.verdicts.filter(({ ended }) => ended)).toHaveLength(row.lost.count);
      expect(await service.metric('creance_late_events_total')).toBe(late);
    };

    it.each([
      ['an hour forward, then right again', fault('clock-forward'), HOUR],
      ['an hour back, then right again', fault('clock-back'), -HOUR],
    ] as const)('is set %s', async (_, row, jump) => {
      const { startsAt } = await active();
      time.move(jump);
      await unharmed(row, startsAt);
      time.move(-jump);
      await unharmed(row, startsAt);
      exit();
      await service.ended(1);
      await until(async () => (await held()).length === 0);
      const metrics = await service.metrics();
      expect(sumOf(metrics, 'creance_sessions_total{reason="exit"}')).toBe(1);
      expect(sumOf(metrics, 'creance_alertmanager_latency_seconds_sum')).toBeLessThan(60);
      expectLog(row, service.log);
      expectCounted(row, metrics);
    });

    it('is wrong while Falco restarts: connected again within the pauses', async () => {
      await active();
      for (const jump of [HOUR, -2n * HOUR]) {
        time.move(jump);
        falco.kill();
        await until(async () => !(await service.readyz()).ready);
        await falco.start();
        await until(async () => (await service.readyz()).ready);
      }
      const back = service.log.filter(({ msg }) => msg.startsWith('Connected again'));
      expect(back).toHaveLength(2);
      for (const line of back) expect((line as unknown as { awayMs: number }).awayMs).toBeLessThan(60_000);
    });
  },
);
