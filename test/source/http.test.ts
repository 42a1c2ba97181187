import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/platform/clock.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { createAccept } from '../../src/source/http/accept.ts';
import { createHttpMetrics } from '../../src/source/http/metrics.ts';
import { RefusalLog } from '../../src/source/http/sample.ts';
import { until } from '../support/until.ts';
import { dial, event, receive, send, wireRequests } from './http/rig.ts';

const texts = ({ records }: ReturnType<typeof receive>) => records.map((r) => (r.type === 'json' ? r.text : r.type));

describe('the HTTP receiver', () => {
  it('takes what real Falco sends, byte for byte, over one connection', async () => {
    const receiver = receive();
    const origin = await receiver.listening();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const { headers, body } of wireRequests) {
      const { status, text } = await send(origin, body, {
        headers: { 'content-type': headers['content-type'] ?? '' },
        agent,
      });
      expect([status, text]).toEqual([202, '']);
    }
    expect(await receiver.value('creance_http_connections')).toBe(1);
    receiver.stop();
    await receiver.done;
    agent.destroy();
    expect(texts(receiver)).toEqual(wireRequests.map(({ body }) => body));
    expect(await receiver.outcome('accepted')).toBe(wireRequests.length);
    expect(await receiver.value('creance_source_records_total', { transport: 'http' })).toBe(wireRequests.length);
  });

  it('drops an event of Falcosidekick’s that comes twice', async () => {
    const receiver = receive();
    const origin = await receiver.listening();
    const [first, second] = [event(1, ',"uuid":"a"'), event(1, ',"uuid":"b"')];
    for (const body of [first, second, first]) expect((await send(origin, body)).status).toBe(202);
    receiver.stop();
    await receiver.done;
    expect(texts(receiver)).toEqual([first, second]);
    expect(await receiver.outcome('duplicate')).toBe(1);
  });

  it.each([
    ['an empty body', '', 'the body is empty', 0],
    ['words', 'hello', 'the body is not JSON', 1],
    [
      'a body that was cut',
      wireRequests[0]?.body.slice(0, -40) ?? '',
      'the body is not JSON, or not all of it came',
      1,
    ],
    ['two documents', `${event(1)}\n${event(2)}`, 'the body is not JSON', 1],
    ['an array', `[${event(1)}]`, 'the body is not a JSON object', 0],
    ['null', 'null', 'the body is not a JSON object', 0],
    ['another object', '{"alerts":[]}', '`rule` is not a string', 0],
    ['a rule that is a number', '{"rule":1,"time":""}', '`rule` is not a string', 0],
    ['fields that are a list', '{"rule":"a","output_fields":[]}', '`output_fields` is not an object', 1],
    ['a time that is a number', '{"rule":"a","time":5}', '`time` is not a string', 1],
    ['nothing but a rule', '{"rule":"a"}', 'neither `time` nor `output_fields`', 0],
    ['nesting without end', '['.repeat(500_000), 'the body is not JSON', 1],
  ])('answers 400 to %s', async (_, body, reason, lost) => {
    const receiver = receive();
    const { status, text } = await send(await receiver.listening(), body);
    receiver.stop();
    await receiver.done;
    expect(status).toBe(400);
    expect(text).toContain(reason);
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(receiver.records).toEqual(lost ? [{ type: 'lost' }] : []);
    expect(await receiver.outcome('malformed')).toBe(1);
  });

  it('logs one refused body in ten seconds, escaped and cut', async () => {
    const clock = new ManualClock(1n);
    const receiver = receive({}, undefined, clock);
    const origin = await receiver.listening();
    const hostile = `\u001b[2J\n\u009b"${'x'.repeat(500)}`;
    for (let i = 0; i < 5; i++) await send(origin, hostile);
    clock.advance(10_000);
    await send(origin, 'later');
    const refusals = receiver.logged.filter(({ msg }) => msg === 'refused a request body');
    expect(refusals.map(({ suppressed }) => suppressed)).toEqual([0, 4]);
    expect(refusals[0]?.sample).toMatch(/^"\\u001b\[2J\\n\\u009b\\"x{193}"$/);
    receiver.stop();
    await receiver.done;
  });

  it('takes POST only', async () => {
    const receiver = receive();
    const origin = await receiver.listening();
    const { status, headers } = await send(origin, '', { method: 'PUT' });
    expect([status, headers.allow]).toEqual([405, 'POST']);
    expect(await receiver.outcome('wrong-method')).toBe(1);
    receiver.stop();
    await receiver.done;
  });

  it.each([
    ['http.path', { path: '/s3cret' }, undefined],
    ['the URL', {}, 'http://127.0.0.1:0/s3cret'],
  ])('takes the one path that %s names, and does not tell it', async (_, http, url) => {
    const receiver = receive(http, url);
    const origin = await receiver.listening();
    expect((await send(`${origin}/s3cret`, event(1))).status).toBe(202);
    for (const path of ['/', '/s3cre', '/s3cret/', '/other'])
      expect((await send(`${origin}${path}`, event(1))).status).toBe(404);
    expect((await send(`${origin}/`, '', { method: 'GET' })).status).toBe(404);
    expect(JSON.stringify(receiver.logged)).not.toContain('s3cret');
    expect(await receiver.outcome('wrong-path')).toBe(5);
    receiver.stop();
    await receiver.done;
  });

  it('inflates gzip, to no more than the limit of a plain body', async () => {
    const receiver = receive({ maxBodyBytes: 10_000 });
    const origin = await receiver.listening();
    const headers = { 'content-encoding': 'gzip' };
    expect((await send(origin, gzipSync(event(1)), { headers })).status).toBe(202);
    expect((await send(origin, gzipSync(Buffer.alloc(5_000_000)), { headers })).status).toBe(413);
    expect((await send(origin, event(1), { headers })).status).toBe(400);
    expect((await send(origin, event(1), { headers: { 'content-encoding': 'br' } })).status).toBe(415);
    expect(texts(receiver)).toEqual([event(1), 'lost', 'lost', 'lost']);
    receiver.stop();
    await receiver.done;
  });

  it('answers before it passes an event on', async () => {
    const order: string[] = [];
    const accept = createAccept({
      maxBodyBytes: 1_000,
      metrics: createHttpMetrics(createRegistry()),
      refusals: new RefusalLog(pino({ level: 'silent' }), new ManualClock()),
      failed: new WeakSet(),
      isStopping: () => false,
      onRecord: () => order.push('passed on'),
    });
    const request = Object.assign(Readable.from([Buffer.from(event(1))]), { method: 'POST', url: '/', headers: {} });
    const response = { setHeader: () => {}, writeHead: () => {}, end: () => order.push('answered') };
    accept(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    await until(() => order.length === 2);
    expect(order).toEqual(['answered', 'passed on']);
  });

  it('names the address and the mend when the port is taken', async () => {
    const first = receive();
    const origin = await first.listening();
    await expect(receive({}, `${origin}/`).done).rejects.toThrow(
      /cannot listen on 127\.0\.0\.1:\d+: another program listens there \(EADDRINUSE\); stop it, or choose another port in source\.url/,
    );
    first.stop();
    await first.done;
  });

  it.each(['ftp://127.0.0.1/', 'nonsense'])('refuses the address %s', async (url) => {
    await expect(receive({}, url).done).rejects.toThrow(/write it as http:\/\/127\.0\.0\.1:2801\//);
  });

  it('finishes a request under way when told to stop, and takes no other', async () => {
    const receiver = receive();
    const origin = await receiver.listening();
    const body = event(1);
    const half = dial(
      origin,
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
    );
    await until(async () => (await receiver.value('creance_http_buffered_bytes')) === 20);
    receiver.stop();
    await until(() =>
      send(origin, event(2)).then(
        () => false,
        () => true,
      ),
    );
    half.socket.write(body.slice(20));
    await receiver.done;
    await until(() => half.isClosed);
    expect(half.heard).toMatch(/^HTTP\/1\.1 202/);
    expect(texts(receiver)).toEqual([body]);
    expect(receiver.isReady()).toBe(false);
  });

  it('waits for a request under way no longer than its grace', async () => {
    const clock = new ManualClock();
    const receiver = receive({}, undefined, clock);
    const half = dial(await receiver.listening(), 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{');
    await until(async () => (await receiver.value('creance_http_buffered_bytes')) === 1);
    receiver.stop();
    clock.advance(2_000);
    await receiver.done;
    await until(() => half.isClosed);
    expect(await receiver.outcome('aborted')).toBe(1);
    expect(receiver.records).toEqual([{ type: 'lost' }]);
  });
});
