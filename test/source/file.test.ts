import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { line, run, temporaryFolder } from './file/rig.ts';

const folder = temporaryFolder();
const write = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('a file of events', () => {
  it('gives each line as a record, then completes', async () => {
    const source = run(write('plain.jsonl', `${line(1)}\n${line(2)}\n`));
    await source.done;
    expect(source.texts()).toEqual([line(1), line(2)]);
    expect(source.health).toEqual(['true', 'false']);
    expect(source.logged).toEqual([]);
  });

  it('reads what real Falco wrote, byte for byte', async () => {
    const bodies = readFileSync('test/fixtures/wire/http-output-0.44.jsonl', 'utf8')
      .trimEnd()
      .split('\n')
      .map((request) => JSON.parse(request).body as string);
    const source = run(write('real.jsonl', `${bodies.join('\n')}\n`));
    await source.done;
    expect(source.texts()).toEqual(bodies);
  });

  it('leaves out blank lines, carriage returns and a byte order mark', async () => {
    const source = run(write('dos.jsonl', `\uFEFF${line(1)}\r\n\r\n  \n${line(2)}\r\n`));
    await source.done;
    expect(source.texts()).toEqual([line(1), line(2)]);
  });

  it('passes on what is no event: the decoder counts it', async () => {
    const source = run(write('words.txt', 'Loading rules\n[1]\n'));
    await source.done;
    expect(source.texts()).toEqual(['Loading rules', '[1]']);
  });

  it('knows gzip by its content, not by its name', async () => {
    const source = run(write('packed.jsonl', gzipSync(`${line(1)}\n${line(2)}\n`)));
    const misnamed = run(write('plain.gz', `${line(3)}\n`));
    await Promise.all([source.done, misnamed.done]);
    expect(source.texts()).toEqual([line(1), line(2)]);
    expect(misnamed.texts()).toEqual([line(3)]);
  });

  it('reads gzip members that were put one behind the other', async () => {
    const source = run(write('two.gz', Buffer.concat([gzipSync(`${line(1)}\n`), gzipSync(`${line(2)}\n`)])));
    await source.done;
    expect(source.texts()).toEqual([line(1), line(2)]);
  });

  it('uses a whole last line without its end', async () => {
    const source = run(write('unended.jsonl', `${line(1)}\n${line(2)}`));
    await source.done;
    expect(source.texts()).toEqual([line(1), line(2)]);
  });

  it('tells and counts a torn last line', async () => {
    const path = write('torn.jsonl', `${line(1)}\n${line(2).slice(0, -9)}`);
    const source = run(path);
    await source.done;
    expect(source.texts()).toEqual([line(1)]);
    expect(source.records.at(-1)).toEqual({ type: 'lost' });
    expect(await source.faults('torn-line')).toBe(1);
    expect(source.logged).toEqual([`${path}: left out the last line, of which only a part was written`]);
  });

  it('leaves out lines that are too long, told once for a run of them', async () => {
    const long = 'x'.repeat(300);
    const source = run(write('long.jsonl', `${line(1)}\n${long}\n${long}\n${line(2)}\n${long}\n`), {
      file: { maxLineBytes: 200 },
    });
    await source.done;
    expect(source.texts()).toEqual([line(1), line(2)]);
    expect(source.records.map(({ type }) => type)).toEqual(['json', 'lost', 'lost', 'json', 'lost']);
    expect(await source.faults('long-line')).toBe(3);
    expect(source.logged).toHaveLength(2);
  });

  it('uses what came before gzip data break off, and that the rest is lost', async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => line(n + Math.floor(Math.random() * 1e8)));
    const whole = gzipSync(`${lines.join('\n')}\n`);
    const path = write('cut.gz', whole.subarray(0, whole.length * 0.7));
    const source = run(path);
    await source.done;
    const texts = source.texts();
    expect(texts.length).toBeGreaterThan(100);
    expect(texts).toEqual(lines.slice(0, texts.length));
    expect(await source.faults('broken-gzip')).toBe(1);
    expect(source.logged.at(-1)).toContain(`${path}: the gzip data end early`);
    expect(source.records.at(-1)).toEqual({ type: 'lost' });
  });

  it('completes when gzip data break before the first event', async () => {
    const source = run(write('stub.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2])));
    await source.done;
    expect(source.records).toEqual([{ type: 'lost' }]);
    expect(await source.faults('broken-gzip')).toBe(1);
  });

  it('reads an empty file and one of a single byte', async () => {
    const sources = [run(write('empty', '')), run(write('single', 'x'))];
    await Promise.all(sources.map(({ done }) => done));
    expect(sources.flatMap(({ records }) => records)).toEqual([]);
  });

  it('names the path and the mend when there is no such file', async () => {
    await expect(run(join(folder, 'absent')).done).rejects.toThrow(
      `cannot read ${folder}/absent: there is no such file; correct the path in source.url`,
    );
    await expect(run(folder).done).rejects.toThrow('it is a directory; name one file of it');
  });

  it.skipIf(process.getuid?.() === 0)('names the path and the mend when it may not be read', async () => {
    const path = write('secret', '');
    chmodSync(path, 0);
    await expect(run(path).done).rejects.toThrow(/permission denied; give this user the right to read it/);
  });

  it('lets the event loop turn while it reads', async () => {
    const path = write('large.jsonl', `${line(1)}\n`.repeat(50_000));
    const source = run(path);
    const seenAtTurns = new Set<number>();
    const timer = setInterval(() => seenAtTurns.add(source.records.length), 0);
    await source.done;
    clearInterval(timer);
    expect(source.records).toHaveLength(50_000);
    expect(seenAtTurns.size).toBeGreaterThan(2);
  });

  it('ends at once, without a fault, when it is told to stop', async () => {
    const source = run(write('stopped.jsonl', `${line(1)}\n`.repeat(200_000)));
    await until(() => source.records.length > 0);
    source.stop();
    await source.done;
    expect(source.records.length).toBeLessThan(200_000);
    expect(source.logged).toEqual([]);
  });
});

describe('standard input', () => {
  it('is read to its end, plain or gzipped', async () => {
    for (const content of [Buffer.from(`${line(1)}\n`), gzipSync(`${line(1)}\n`)]) {
      const stdin = new PassThrough();
      const source = run('-', { stdin });
      for (const byte of content) stdin.write(Buffer.from([byte]));
      stdin.end();
      await source.done;
      expect(source.texts()).toEqual([line(1)]);
    }
  });

  it('gives each line as it comes and completes on stop', async () => {
    const stdin = new PassThrough();
    const source = run('-', { stdin });
    stdin.write(`${line(1)}\n{"ru`);
    await until(() => source.records.length === 1);
    source.stop();
    await source.done;
    expect(source.texts()).toEqual([line(1)]);
  });
});
