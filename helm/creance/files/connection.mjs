// `helm test`: is creance ready, and does an event that is sent to it arrive?
// The event belongs to no agent, so nothing is learned from it and nobody is alerted.
import { lookup } from 'node:dns/promises';

const { METRICS_HOST, METRICS_PORT, INTAKE_URL, WAIT_MS = '60000' } = process.env;
const deadline = Date.now() + Number(WAIT_MS);
const pause = () => new Promise((resolve) => setTimeout(resolve, 500));

/** Asks until it is so, or the time is up. */
const until = async (what, isSo) => {
  let last;
  while (Date.now() < deadline) {
    try {
      const found = await isSo();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await pause();
  }
  throw new Error(`${what}: not so in time${last ? ` (${last.message})` : ''}`);
};

const bracketed = ({ address, family }) => (family === 6 ? `[${address}]` : address);

const received = async (pod) => {
  const text = await (await fetch(`${pod}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('creance_source_records_total'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

const event = () => ({
  time: new Date().toISOString().replace('Z', '000000Z'),
  rule: 'creance connection test',
  priority: 'Debug',
  source: 'syscall',
  hostname: 'helm-test',
  output: 'sent by helm test',
  tags: [],
  output_fields: { 'evt.type': 'execve', 'proc.pid': 1, 'proc.name': 'helm-test' },
});

try {
  // The headless Service leads to every pod; one is enough, and it must stay the same one.
  const host = bracketed(await until('address', () => lookup(METRICS_HOST)));
  const pod = `http://${host}:${METRICS_PORT}`;
  await until('readyz', async () => (await fetch(`${pod}/readyz`)).ok);
  console.log(`${pod} is ready`);
  if (INTAKE_URL) {
    const before = await received(pod);
    const url = INTAKE_URL.replace('POD', host);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event()) });
    if (!answer.ok) throw new Error(`the receiver answered ${answer.status}`);
    await until('the event is counted', async () => (await received(pod)) > before);
    console.log('an event that was sent has arrived');
  }
} catch (error) {
  console.error(`FAILED: ${error.message}`);
  process.exitCode = 1;
}
