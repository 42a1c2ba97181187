import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Documents } from '../../src/platform/documents.ts';
import { openDocuments } from '../../src/platform/open-documents.ts';
import { describeWithServer, type Server, startRedis } from '../support/servers.ts';

const log = pino({ level: 'silent' });

/** What all documents have to do. `open` gives another handle on the same ones. */
const contract = (open: () => Promise<Documents>): void => {
  const opened: Documents[] = [];
  const documents = async () => {
    const one = await open();
    opened.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  it('hold the newest of each id, in the order of ids', async () => {
    const one = await documents();
    await one.put('things', 'b', { n: 1 });
    await one.put('things', 'a', { text: 'ünï\u0000"\n' });
    await one.put('things', 'b', { n: 2 });
    await one.put('others', 'a', { n: 3 });
    expect([...(await (await documents()).all('things'))]).toEqual([
      ['a', { text: 'ünï\u0000"\n' }],
      ['b', { n: 2 }],
    ]);
  });

  it('know nothing of what is not there', async () => {
    const one = await documents();
    expect([[...(await one.all('none'))], await one.lines('none')]).toEqual([[], []]);
    expect(await one.remove('none', 'a')).toBe(false);
  });

  it('remove a document once', async () => {
    const one = await documents();
    await one.put('gone', 'a', {});
    expect([await one.remove('gone', 'a'), await one.remove('gone', 'a')]).toEqual([true, false]);
    expect([...(await one.all('gone'))]).toEqual([]);
  });

  it('keep every line that many append at once', async () => {
    const handles = [await documents(), await documents()];
    await Promise.all(Array.from({ length: 40 }, (_, n) => handles[n % 2]?.append('journal', { n })));
    const lines = (await (await documents()).lines('journal')) as readonly { readonly n: number }[];
    expect(lines.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });
};

describe('documents in memory', async () => {
  const kept = await openDocuments('memory:', log);
  contract(async () => kept);
});

describe('documents in files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'creance-documents-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  contract(() => openDocuments(`file:${folder}`, log));

  it('are for this user only, and leave nothing half written behind', async () => {
    const documents = await openDocuments(`file:${folder}/deep/er`, log);
    await documents.put('things', 'a', {});
    expect((await stat(`${folder}/deep/er/things/a.json`)).mode & 0o777).toBe(0o600);
    expect(await readdir(`${folder}/deep/er/things`)).toEqual(['a.json']);
  });

  it('tell what is no JSON from what is', async () => {
    const documents = await openDocuments(`file:${folder}/torn`, log);
    await documents.put('things', 'a', {});
    await writeFile(`${folder}/torn/things/b.json`, '{"half');
    await writeFile(`${folder}/torn/journal.jsonl`, '{"n":1}\n{"ha\n{"torn":');
    expect([...(await documents.all('things'))]).toEqual([
      ['a', {}],
      ['b', undefined],
    ]);
    expect(await documents.lines('journal')).toEqual([{ n: 1 }, undefined]);
  });

  it('say in one message where they cannot be kept, and the mend', async () => {
    await writeFile(`${folder}/file`, '');
    const documents = await openDocuments(`file:${folder}/file`, log);
    await expect(documents.put('things', 'a', {})).rejects.toThrow(
      /^cannot write the store file:.*\/file: .*\(a part of the path is a file: choose another place with --store\)$/,
    );
  });
});

describeWithServer('redis-server', 'documents in Redis', () => {
  let redis: Server;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.dispose());
  contract(() => openDocuments(redis.url, log));
});
