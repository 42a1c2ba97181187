import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { expectCounted, expectLog, expectReadyz, fault, sumOf } from './fault.ts';
import { idsOf, openLearning, sessions } from './learning.ts';
import { describeWithDisk, mountSmallDisk, type SmallDisk } from './small-disk.ts';

describeWithDisk('the disk of the store', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    disk = mountSmallDisk();
  });
  afterEach(() => disk.dispose());

  it.each([
    ['disk-full', () => disk.fill(), () => disk.free()],
    ['disk-read-only', () => disk.setReadOnly(true), () => disk.setReadOnly(false)],
  ] as const)('%s: learned sessions wait, and leave nothing half written', async (id, breaks, mends) => {
    const row = id === 'disk-full' ? fault('disk-full') : fault('disk-read-only');
    const { learner, log, readyz, metrics, kept } = await openLearning(`file:${disk.folder}`);
    const [first, ...taught] = sessions(11);
    if (first) learner.learn(first);
    await until(async () => (await kept()).length === 1);
    breaks();
    for (const one of taught) learner.learn(one);
    await until(() => log.some(({ msg }) => msg === row.log[0]));
    await until(async () => sumOf(await metrics(), 'creance_baseline_commit_failures_total') >= 3);
    expectReadyz(row, readyz());
    mends();
    await until(() => log.some(({ msg }) => msg === row.log[1]), { timeoutMs: 20_000 });
    await until(async () => (await kept()).length === 11);
    await learner.flush();
    expect((await kept()).slice(1)).toEqual(idsOf(taught));
    expect(learner.failures).toBe(row.lost.count);
    const [scope = ''] = readdirSync(join(disk.folder, 'profiles'));
    expect(readdirSync(join(disk.folder, 'profiles', scope)).every((name) => name.endsWith('.json'))).toBe(true);
    expectLog(row, log);
    expectCounted(row, await metrics());
  });
});
