import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { capture } from './capture.ts';

const creance = async (...args: readonly string[]) => {
  const { io, written } = capture();
  const code = await run(['selftest', '--store', 'memory:', '--log-level', 'silent', ...args], io);
  return { code, ...written };
};

describe('creance selftest', () => {
  it('shows class by class what would have been alerted', async () => {
    const { out } = await creance('--set', 'detect.baseline.enabled=false');
    for (const name of ['T01', 'T05', 'T09', 'T16', 'T20', 'T22'])
      expect(out).toMatch(new RegExp(`^${name} {2}alerts `, 'm'));
    expect(out).not.toMatch(/should stay quiet/);
    expect(out).not.toMatch(/ missed /);
  });

  it('fails where the configuration would have missed them', async () => {
    const { code, out } = await creance(
      '--set',
      'detect.sequence.enabled=false',
      '--set',
      'detect.baseline.enabled=false',
    );
    expect(code).toBe(3);
    expect(out).toMatch(/^T20 {2}missed/m);
  });

  it('sends the same events to a consumer elsewhere, as Falco would', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        bodies.push(`${request.method} ${body}`);
        response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, out } = await creance('--against', `http://127.0.0.1:${port}/`);
    await new Promise((resolve) => server.close(resolve));
    expect([code, out]).toEqual([0, expect.stringContaining(`${bodies.length} of ${bodies.length} events were taken`)]);
    const [first = ''] = bodies;
    expect(first.startsWith('POST {"time":')).toBe(true);
    expect(JSON.parse(first.slice(5)).output_fields['evt.type']).toBe('execve');
  });
});
