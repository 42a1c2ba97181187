import { Agent } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { dial, send } from '../source/http/rig.ts';
import { type FalcoDouble, startFalco } from '../support/falco-double.ts';
import { responseOfJson } from '../support/falco-messages.ts';
import { until } from '../support/until.ts';
import { expectCounted, expectLog, expectReadyz, fault } from './fault.ts';
import { CLEAN, CLEAN_LATER } from './recorded.ts';
import { type Service, startService } from './service.ts';

const RESTARTS = 5;
const EACH_LIFE = 100;

let falco: FalcoDouble | undefined;
let service: Service;
afterEach(async () => {
  await service.stop();
  falco?.dispose();
  falco = undefined;
});

it('Falco restarts again and again while events flow by gRPC', async () => {
  const row = fault('falco-restarts-grpc');
  const double = await startFalco();
  falco = double;
  const pauses = { 'source.grpc.reconnectMinMs': '10', 'source.grpc.reconnectMaxMs': '50' };
  service = await startService({ 'source.url': double.url, ...pauses });
  const isReady = () => until(async () => (await service.readyz()).ready);
  const received = 'creance_source_records_total{transport="grpc"}';
  const lostEach = row.lost.count / RESTARTS;
  const events = CLEAN.map(responseOfJson);
  let at = 0;
  for (let life = 0; life < RESTARTS; life++) {
    await isReady();
    double.push(...events.slice(at, at + EACH_LIFE));
    await until(async () => (await service.metric(received)) === (life + 1) * EACH_LIFE);
    // What it holds when it is killed goes with it.
    double.push(...events.slice(at + EACH_LIFE, at + EACH_LIFE + lostEach));
    double.kill();
    at += EACH_LIFE + lostEach;
    await until(() => service.log.filter(({ msg }) => msg.startsWith('Nobody listens')).length === life + 1);
    expectReadyz(row, await service.readyz());
    await double.start();
  }
  await isReady();
  double.push(...events.slice(at));
  await service.ended(1);
  expect(await service.metric(received)).toBe(events.length - row.lost.count);
  expect(await service.metric('creance_gaps_total{cause="disconnect"}')).toBe(RESTARTS);
  // The session knows of them, and teaches nothing.
  expect(service.verdicts.at(-1)?.gaps).toHaveLength(RESTARTS);
  expect(await service.metric('creance_baseline_sessions_learned_total')).toBe(0);
  expectLog(row, service.log, RESTARTS);
  expectCounted(row, await service.metrics());
});

it('Falco restarts again and again while events flow by HTTP', async () => {
  const row = fault('falco-restarts-http');
  service = await startService({ 'source.url': 'http://127.0.0.1:0/' });
  const url = await service.intake();
  const events = [...CLEAN];
  const cutEach = Math.ceil(events.length / (row.lost.count + 1));
  let sent = 0;
  let agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const [at, body] of events.entries()) {
    if (at % cutEach === cutEach - 1) {
      // It dies in the middle of a request, and a new one comes.
      const half = cut(url, body);
      agent.destroy();
      await half;
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
      expectReadyz(row, await service.readyz());
      continue;
    }
    expect((await send(url, body, { agent })).status).toBe(202);
    sent++;
  }
  agent.destroy();
  await service.ended(1);
  expect(events.length - sent).toBe(row.lost.count);
  expect(await service.metric('creance_source_records_total{transport="http"}')).toBe(sent);
  expect(await service.metric('creance_gap_events_lost_total{cause="malformed"}')).toBe(row.lost.count);
  expect(service.verdicts.at(-1)?.gaps.length).toBeGreaterThan(0);
  expectLog(row, service.log);
  expectCounted(row, await service.metrics());
});

/** Steps of Falco's own dates are more than a minute of silence. */
const startWithDates = async (): Promise<FalcoDouble> => {
  const double = await startFalco();
  falco = double;
  service = await startService({ 'source.url': double.url, 'process.silenceMs': '60000' });
  await until(async () => (await service.readyz()).ready);
  return double;
};

const sessionsEnded = (reason: string): Promise<number> => service.metric(`creance_sessions_total{reason="${reason}"}`);

it('the dates of Falco go forward while a session is open', async () => {
  const row = fault('dates-forward');
  const double = await startWithDates();
  double.push(...CLEAN.slice(0, 1_000).map(responseOfJson));
  await until(async () => (await service.metric('creance_sessions_open')) === 1);
  double.push(...CLEAN_LATER.map(responseOfJson));
  await service.ended(2);
  expectReadyz(row, await service.readyz());
  expect([await sessionsEnded('exit'), await sessionsEnded('silence')]).toEqual([1, row.lost.count]);
  expect(await service.metric('creance_baseline_sessions_learned_total')).toBe(1);
  expectLog(row, service.log);
  expectCounted(row, await service.metrics());
});

it('the dates of Falco go back', async () => {
  const row = fault('dates-back');
  const double = await startWithDates();
  for (const [times, lines] of [CLEAN_LATER, CLEAN].entries()) {
    double.push(...lines.map(responseOfJson));
    await service.ended(times + 1);
  }
  expectReadyz(row, await service.readyz());
  expect([await sessionsEnded('exit'), await sessionsEnded('silence')]).toEqual([2, row.lost.count]);
  expect(await service.metric('creance_baseline_sessions_learned_total')).toBe(2);
  expectLog(row, service.log);
  expectCounted(row, await service.metrics());
});

/** Sends half of a request and goes; resolves when that was noticed. */
const cut = async (url: string, body: string): Promise<void> => {
  const before = await service.metric('creance_http_requests_total{outcome="aborted"}');
  const { hostname, port } = new URL(url);
  const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const { socket } = dial(`http://${hostname}:${port}`, head + body.slice(0, body.length / 2));
  await until(async () => (await service.metric('creance_http_buffered_bytes')) > 0);
  socket.destroy();
  socket.destroy();
  await until(async () => (await service.metric('creance_http_requests_total{outcome="aborted"}')) === before + 1);
};
