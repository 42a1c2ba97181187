/** Preloaded into the program: tells on file descriptor 3 how much heap is alive, whenever SIGUSR2 asks. Needs `--expose-gc`. */
import { writeSync } from 'node:fs';

process.on('SIGUSR2', () => {
  globalThis.gc();
  writeSync(3, `${process.memoryUsage().heapUsed}\n`);
});
