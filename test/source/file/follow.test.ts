import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../src/platform/clock.ts';
import { until } from '../../support/until.ts';
import { line, run, temporaryFolder } from './rig.ts';

const follow = (content: string | Buffer = '') => {
  const path = join(temporaryFolder(), 'events.jsonl');
  writeFileSync(path, content);
  const source = run(path, { file: { follow: true } });
  return { path, ...source, sees: (count: number) => until(() => source.texts().length >= count) };
};

describe('a followed file', () => {
  it('gives what is there, then what is added, until it is told to stop', async () => {
    const { path, sees, texts, stop, done } = follow(`${line(1)}\n`);
    await sees(1);
    appendFileSync(path, `${line(2)}\n`);
    await sees(2);
    stop();
    await done;
    expect(texts()).toEqual([line(1), line(2)]);
  });

  it('waits for the end of a line that comes in parts', async () => {
    const { path, sees, texts, stop, done, logged } = follow(`${line(1)}\n${line(2).slice(0, 10)}`);
    await sees(1);
    appendFileSync(path, `${line(2).slice(10)}\n`);
    await sees(2);
    stop();
    await done;
    expect(texts()).toEqual([line(1), line(2)]);
    expect(logged).toEqual([]);
  });

  it('finishes a file that was renamed, then reads the new one from its start', async () => {
    const { path, sees, texts, stop, done, logged } = follow(`${line(1)}\n`);
    await sees(1);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, `${line(2)}\n`);
    await sees(2);
    writeFileSync(path, '');
    appendFileSync(`${path}.1`, `${line(3)}\n`);
    await sees(3);
    appendFileSync(path, `${line(4)}\n`);
    await sees(4);
    stop();
    await done;
    expect(texts()).toEqual([1, 2, 3, 4].map(line));
    expect(logged).toEqual([`${path} was replaced: reading the new file from its start`]);
  });

  it('loses nothing when old and new are both written between two looks', async () => {
    const { path, sees, texts, stop, done } = follow(`${line(1)}\n`);
    await sees(1);
    appendFileSync(path, `${line(2)}\n`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, `${line(3)}\n`);
    await sees(3);
    stop();
    await done;
    expect(texts()).toEqual([1, 2, 3].map(line));
  });

  it('goes on through many rotations in a row', async () => {
    const { path, sees, texts, stop, done } = follow();
    for (let n = 1; n <= 20; n++) {
      appendFileSync(path, `${line(n)}\n`);
      await sees(n);
      renameSync(path, `${path}.${n}`);
    }
    stop();
    await done;
    expect(texts()).toEqual(Array.from({ length: 20 }, (_, i) => line(i + 1)));
  });

  it('waits when the file is removed', async () => {
    const { path, sees, texts, stop, done } = follow(`${line(1)}\n`);
    await sees(1);
    rmSync(path);
    writeFileSync(path, `${line(2)}\n`);
    await sees(2);
    stop();
    await done;
    expect(texts()).toEqual([line(1), line(2)]);
  });

  it('starts again when the file was cut, and tells that something may be lost between', async () => {
    const { path, sees, texts, stop, done, logged, faults, records } = follow(`${line(1)}\n${line(2)}\n`);
    await sees(2);
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    await until(async () => (await faults('truncated')) === 1);
    appendFileSync(path, `${line(3)}\n`);
    await sees(3);
    stop();
    await done;
    expect(texts()).toEqual([1, 2, 3].map(line));
    expect(records.map(({ type }) => type)).toEqual(['json', 'json', 'lost', 'json']);
    expect(logged).toEqual([`${path} was cut: reading it from its start again`]);
  });

  it('on stop uses a whole last line and counts a torn one', async () => {
    const whole = follow(`${line(1)}\n${line(2)}`);
    const torn = follow(`${line(1)}\n${line(2).slice(0, 20)}`);
    await Promise.all([whole.sees(1), torn.sees(1)]);
    whole.stop();
    torn.stop();
    await Promise.all([whole.done, torn.done]);
    expect(whole.texts()).toEqual([line(1), line(2)]);
    expect(torn.texts()).toEqual([line(1)]);
    expect(await torn.faults('torn-line')).toBe(1);
  });

  it('takes on stop what was written since the last look', async () => {
    const path = join(temporaryFolder(), 'events.jsonl');
    writeFileSync(path, `${line(1)}\n`);
    let isAsleep = false;
    const clock = new (class extends ManualClock {
      override after(delayMs: number, task: () => void) {
        isAsleep = true;
        return super.after(delayMs, task);
      }
    })();
    const { texts, stop, done } = run(path, { file: { follow: true }, clock });
    await until(() => isAsleep);
    appendFileSync(path, `${line(2)}\n`);
    stop();
    await done;
    expect(texts()).toEqual([line(1), line(2)]);
  });

  it('refuses a gzipped file, with the mend', async () => {
    await expect(follow(gzipSync('{}\n')).done).rejects.toThrow(
      /it is gzipped; unpack it, or leave out source.file.follow/,
    );
  });
});
