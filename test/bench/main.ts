import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** `npm run bench [-- [--quick] [NAME …]]`: each benchmark in a process of its own, so that none warms up or spoils another. */
const BENCHMARKS = ['decode', 'stages', 'grpc', 'http', 'replay'] as const;
/** Those that run only when named. */
const ON_REQUEST = ['memory'] as const;

const known: readonly string[] = [...BENCHMARKS, ...ON_REQUEST];
const args = process.argv.slice(2);
const flags = args.filter((arg) => arg === '--quick');
const names = args.filter((arg) => arg !== '--quick');
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`there is no benchmark ${unknown}; there are ${known.join(', ')}, and --quick`);
  process.exit(2);
}

const [cpu] = cpus();
console.log(`Node ${process.version}, ${cpus().length} × ${cpu?.model.trim()}; medians of several rounds`);
for (const name of names.length > 0 ? names : BENCHMARKS) {
  const script = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script, ...flags], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(1);
}
