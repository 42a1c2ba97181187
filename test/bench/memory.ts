import { readFile } from 'node:fs/promises';
import { runCreance } from './creance.ts';
import { whole } from './print.ts';
import { sized } from './size.ts';
import { synthesise } from './synthesise.ts';

/**
 * A million events through the built `creance replay`, from standard input, so that no file of two gigabytes is needed.
 * Tells the peak of its resident memory and, where the system shows it, how it went on the way.
 */
const EVENTS = sized(1_000_000, 150_000);
const STEPS = 10;

const mib = (bytes: number) => `${whole(bytes / 1_048_576)} MiB`;

/** Resident memory of another process; undefined where there is no /proc. */
const residentBytes = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
};

let pid = 0;
const looks: Promise<void>[] = [];
const look = async (sent: number) => {
  const resident = await residentBytes(pid);
  if (resident !== undefined) console.log(`  ${whole(sent).padStart(10)} events sent  ${mib(resident).padStart(9)}`);
};

function* watched(): Generator<string> {
  let sent = 0;
  let next = EVENTS / STEPS;
  for (const chunk of synthesise(EVENTS)) {
    yield chunk;
    sent += chunk.split('\n').length - 1;
    if (sent < next) continue;
    next += EVENTS / STEPS;
    looks.push(look(sent));
  }
}

console.log(`\nmemory: ${whole(EVENTS)} events through creance replay`);
const usage = await runCreance(
  ['replay', '--frozen', '--store', 'memory:', '--format', 'verdicts', '-'],
  watched(),
  (it) => {
    pid = it;
  },
);
await Promise.all(looks);
console.log(`  peak resident memory ${mib(usage.peakBytes)}, ${(usage.cpuMicros / EVENTS).toFixed(2)} µs CPU/event`);
