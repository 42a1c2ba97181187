/**
 * Runs a TypeScript module of this folder under any supported Node: `node test/eval/run.mjs MODULE [ARGUMENT…]`.
 * The module exports `main(args)`.
 */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [name, ...args] = process.argv.slice(2);
const { module } = await runnerImport(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), { logLevel: 'error' });
await module.main(args);
