import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge } from './judge.ts';
import { judgeMemory } from './judge-memory.ts';
import { reportOf } from './report.ts';
import { runSoak } from './run.ts';

/** `npm run soak [-- --minutes 20 --rate 3000 --transport http --seed 1]`. Exits 1 when something does not hold. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    rate: { type: 'string', default: '3000' },
    transport: { type: 'string', default: 'grpc' },
    seed: { type: 'string', default: '1' },
    program: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
  },
});
const { transport, program } = values;
const [minutes, rate, seed] = [values.minutes, values.rate, values.seed].map(Number) as [number, number, number];
if (!(minutes > 0 && rate > 0) || !Number.isInteger(seed) || (transport !== 'grpc' && transport !== 'http')) {
  console.error('--minutes and --rate are numbers above 0, --seed is a whole number, --transport is grpc or http');
  process.exit(2);
}

const seen = await runSoak({
  ...{ program, transport, rate, seed, seconds: minutes * 60, silenceMs: 20_000 },
  tell: (line) => console.log(line),
});
const checks = [...judge(seen), ...judgeMemory(seen.samples)];
for (const line of reportOf(seen, checks)) console.log(line);
process.exit(checks.every(({ ok }) => ok) ? 0 : 1);
