import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { until } from '../support/until.ts';
import { Figures } from './figures.ts';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** One process of creance from its start to its end. */
export interface Life {
  readonly number: number;
  readonly pid: number;
  /** By the monotonic clock. In milliseconds. */
  readonly from: number;
  readonly log: LogLine[];
  /** What it wrote to its standard error that is no line of its log. */
  readonly noise: string[];
  /** States of alerts that it printed. */
  printed: number;
  /** What it told last. */
  figures: Figures;
  end?: {
    readonly signal: 'SIGKILL' | 'SIGTERM';
    readonly code: number | null;
    /** How long the alert file was then. */
    readonly fileBytes: number;
  };
}

export interface CreanceOptions {
  /** The built program and its arguments. */
  readonly args: readonly string[];
  readonly port: number;
  readonly folder: string;
  /** The alert file. */
  readonly file: string;
}

const LIVE_HEAP = new URL('live-heap.mjs', import.meta.url).href;

/** The program itself in one process after the other. */
export class Creance {
  readonly lives: Life[] = [];
  readonly #options: CreanceOptions;
  #child: ChildProcess | undefined;

  constructor(options: CreanceOptions) {
    this.#options = options;
  }

  /** The life that is, or was last. */
  get life(): Life {
    return this.lives.at(-1) as Life;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const { args, folder, port } = this.#options;
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('CREANCE_'));
    const child = spawn(process.execPath, ['--expose-gc', '--import', LIVE_HEAP, ...args], {
      cwd: folder,
      env: Object.fromEntries(own),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    if (!child.stdout || !child.stderr) throw new Error('creance has no output');
    (child.stdio[3] as Readable).resume();
    const life: Life = {
      ...{ number: this.lives.length, pid: child.pid as number, from: performance.now() },
      ...{ log: [], noise: [], printed: 0, figures: new Figures('') },
    };
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) life.printed += 1;
    });
    createInterface(child.stderr).on('line', (line) => {
      if (line.startsWith('{')) life.log.push(JSON.parse(line));
      else life.noise.push(line);
    });
    this.lives.push(life);
    this.#child = child;
    await until(async () => child.exitCode !== null || (await fetch(`http://127.0.0.1:${port}/livez`)).ok, {
      timeoutMs: 60_000,
      everyMs: 50,
    });
    if (child.exitCode !== null) throw new Error(`creance ended with ${child.exitCode}: ${life.noise.join(' ')}`);
  }

  /** Asks it for its figures; false when it does not tell them. */
  async scrape(): Promise<boolean> {
    const { life } = this;
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#options.port}/metrics`, {
        signal: AbortSignal.timeout(5_000),
      });
      life.figures = new Figures(await answer.text());
      return true;
    } catch {
      return false;
    }
  }

  /** Heap that is alive after a full collection, in bytes; undefined when it does not tell. Only for one that has answered. */
  async liveHeap(): Promise<number | undefined> {
    const child = this.#child;
    if (!child) return undefined;
    const told = once(child.stdio[3] as Readable, 'data', { signal: AbortSignal.timeout(5_000) });
    child.kill('SIGUSR2');
    return told.then(
      ([chunk]) => Number(String(chunk)),
      () => undefined,
    );
  }

  /** Files and connections that it has open; undefined where there is no /proc. */
  openFiles(): number | undefined {
    try {
      return readdirSync(`/proc/${this.life.pid}/fd`).length;
    } catch {
      return undefined;
    }
  }

  /** Ends it, and waits until all that it wrote has been read. One that is asked is scraped for as long as it answers. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const { life } = this;
    const closed = once(child, 'close');
    let over = false;
    void closed.then(() => {
      over = true;
    });
    child.kill(signal);
    if (signal === 'SIGTERM') await until(() => this.scrape().then(() => over), { timeoutMs: 60_000 });
    const [code] = await closed;
    this.#child = undefined;
    const { size } = statSync(this.#options.file, { throwIfNoEntry: false }) ?? { size: 0 };
    life.end = { signal, code, fileBytes: size };
  }

  /** Makes sure that nothing of it is left. */
  async dispose(): Promise<void> {
    await this.end('SIGKILL');
  }
}
