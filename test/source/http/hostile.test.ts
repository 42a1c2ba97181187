import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { dial, event, receive, send } from './rig.ts';

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\n';

/** Ends the receiver and says that nothing of a body is held any more. */
const end = async (receiver: ReturnType<typeof receive>) => {
  expect(await receiver.value('creance_http_buffered_bytes')).toBe(0);
  receiver.stop();
  await receiver.done;
  await until(async () => (await receiver.value('creance_http_connections')) === 0);
};

describe('hostile clients', () => {
  it('are refused a body that is announced as too long, before it comes', async () => {
    const receiver = receive({ maxBodyBytes: 1_000 });
    const client = dial(await receiver.listening(), `${HEAD}Content-Length: 1001\r\n\r\n`);
    await until(() => client.isClosed);
    expect(client.heard).toMatch(/^HTTP\/1\.1 413/);
    expect(await receiver.outcome('too-large')).toBe(1);
    expect(receiver.records).toEqual([{ type: 'lost' }]);
    await end(receiver);
  });

  it('cannot send a chunked body without end', async () => {
    const receiver = receive({ maxBodyBytes: 100_000 });
    const client = dial(await receiver.listening(), `${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    let sent = 0;
    await until(
      () => {
        if (client.socket.writable && client.socket.writableLength === 0) sent += client.socket.write(chunk) ? 1 : 1;
        return client.isClosed;
      },
      { everyMs: 1 },
    );
    expect(client.heard).toMatch(/^(HTTP\/1\.1 413|$)/);
    expect(await receiver.outcome('too-large')).toBe(1);
    expect(sent * 0x4000).toBeGreaterThan(100_000);
    await end(receiver);
  });

  it.each([
    ['say nothing', ''],
    ['never end their headers', `${HEAD}X-Slow: `],
  ])('lose their connection when they %s', async (_, first) => {
    const receiver = receive({ requestMs: 200 });
    const client = dial(await receiver.listening(), first);
    await until(() => client.isClosed);
    expect(await receiver.outcome('timeout')).toBe(1);
    await end(receiver);
  });

  it('lose their connection when they drip their body', async () => {
    const receiver = receive({ requestMs: 300 });
    const client = dial(await receiver.listening(), `${HEAD}Content-Length: 1000\r\n\r\n`);
    await until(() => {
      if (client.socket.writable) client.socket.write('x');
      return client.isClosed;
    });
    expect(await receiver.outcome('timeout')).toBe(1);
    expect(await receiver.outcome('aborted')).toBe(0);
    await end(receiver);
  });

  it('cannot open more connections than the limit', async () => {
    const receiver = receive({ maxConnections: 20, requestMs: 300 });
    const origin = await receiver.listening();
    const clients = Array.from({ length: 200 }, () => dial(origin));
    await until(
      async () => (await receiver.value('creance_http_connections_refused_total', { cause: 'too-many' })) === 180,
    );
    expect(await receiver.value('creance_http_connections')).toBe(20);
    await until(() => clients.every(({ isClosed }) => isClosed));
    expect((await send(origin, event(1))).status).toBe(202);
    await end(receiver);
  });

  it('cannot hold more memory together than the budget, and ordinary events go on', async () => {
    const receiver = receive({ maxBodyBytes: 1_000_000 });
    const origin = await receiver.listening();
    const part = 'x'.repeat(900_000);
    const clients = Array.from({ length: 60 }, () => dial(origin, `${HEAD}Content-Length: 1000000\r\n\r\n${part}`));
    await until(async () => ((await receiver.outcome('busy')) ?? 0) > 30);
    expect(await receiver.value('creance_http_buffered_bytes')).toBeLessThan(16_000_000 + 60 * 65_536);
    expect((await send(origin, event(1))).status).toBe(202);
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await receiver.value('creance_http_buffered_bytes')) === 0);
    expect((await send(origin, event(2))).status).toBe(202);
    await end(receiver);
  });

  it.each([
    ['are no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', '400'],
    ['have huge headers', `${HEAD}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['smuggle a second length', `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, '400'],
  ])('are told so when they %s', async (_, first, status) => {
    const receiver = receive();
    const client = dial(await receiver.listening(), first);
    await until(() => client.isClosed);
    expect(client.heard).toContain(`HTTP/1.1 ${status}`);
    expect(await receiver.outcome('bad-request')).toBe(1);
    await end(receiver);
  });

  it('are counted when they go away in the middle', async () => {
    const receiver = receive();
    const client = dial(await receiver.listening(), `${HEAD}Content-Length: 100\r\n\r\n{`);
    await until(async () => (await receiver.value('creance_http_buffered_bytes')) === 1);
    client.socket.resetAndDestroy();
    await until(async () => (await receiver.outcome('aborted')) === 1);
    await end(receiver);
  });
});
