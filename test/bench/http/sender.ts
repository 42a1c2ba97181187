import { Agent, request } from 'node:http';
import { answer } from '../child.ts';
import { bytesOf, someLines } from '../recordings.ts';

/** Posts one event after the other, each when the one before was answered, over one connection. */
const bodies = someLines(2_000).map((line) => Buffer.from(line));
const headers = { 'content-type': 'application/json' };

const post = (url: string, agent: Agent, body: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }, (response) => {
      response.resume().on('end', resolve);
    })
      .on('error', reject)
      .end(body);
  });

answer<{ url: string; events: number }>(async ({ url, events }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let index = 0; index < events; index++) await post(url, agent, bodies[index % bodies.length] as Buffer);
  agent.destroy();
  return { bytes: (bytesOf(bodies) / bodies.length) * events };
});
