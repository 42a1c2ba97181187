// `helm test`: is creance ready, and does an attack that is sent to it become an alert?
// Its arguments are those of `creance selftest`; where events cannot be sent, being ready is all that is looked at.
import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';

const { METRICS_HOST, METRICS_PORT, INTAKE_URL, COUNT_ALERTS, WAIT_MS = '60000' } = process.env;
const { CREANCE = '/app/dist/main.js' } = process.env;
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

const ALERTS = /^creance_stage_items_total\{(?=.*stage="alert")(?=.*direction="out")(?=.*type="alert").*\} (\d+)$/m;
const alertsOf = async (pod) => Number(ALERTS.exec(await (await fetch(`${pod}/metrics`)).text())?.[1] ?? 0);

const creance = (...args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CREANCE, 'selftest', ...args], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', resolve);
  });

try {
  // The headless Service leads to every pod; one is enough, and it must stay the same one.
  const host = bracketed(await until('address', () => lookup(METRICS_HOST)));
  const pod = `http://${host}:${METRICS_PORT}`;
  await until('readyz', async () => (await fetch(`${pod}/readyz`)).ok);
  console.log(`${pod} is ready`);
  if (INTAKE_URL) {
    const before = await alertsOf(pod);
    const code = await creance(...process.argv.slice(2), '--against', INTAKE_URL.replace('POD', host));
    if (code !== 0) throw new Error(`creance selftest ended with ${code}`);
    if (COUNT_ALERTS) {
      await until('an alert', async () => (await alertsOf(pod)) > before);
      console.log('an alert was made of them; there is no Alertmanager to ask for it');
    }
  }
} catch (error) {
  console.error(`FAILED: ${error.message}`);
  process.exitCode = 1;
}
