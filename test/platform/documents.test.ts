import { readlinkSync } from 'node:fs';
import {
  chown,
  type FileHandle,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Documents } from '../../src/platform/documents.ts';
import { openDocuments } from '../../src/platform/open-documents.ts';
import { describeWithDisk, mountSmallDisk, type SmallDisk } from '../faults/small-disk.ts';
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

/** What was synced meanwhile, in order. */
const synced = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const handle = await open('/');
  const spy = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync');
  await handle.close();
  const paths: string[] = [];
  spy.mockImplementation(async function (this: FileHandle) {
    paths.push(readlinkSync(`/proc/self/fd/${this.fd}`));
  });
  try {
    await work();
    return paths;
  } finally {
    spy.mockRestore();
  }
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
    await documents.append('journal', { n: 2 });
    await documents.append('journal', { n: 3 });
    expect(await documents.lines('journal')).toEqual([{ n: 1 }, undefined, undefined, { n: 2 }, { n: 3 }]);
  });

  it('have both the text and its name on the disk once they say that it is there', async () => {
    const documents = await openDocuments(`file:${folder}/sure/ly`, log);
    const made = await synced(() => documents.put('things', 'a', {}));
    const text = expect.stringMatching(/\/sure\/ly\/things\/a\.json\.[0-9a-f]+\.new$/);
    expect(made.slice(-2)).toEqual([text, `${folder}/sure/ly/things`]);
    // The folders were made as well.
    expect(made.slice(0, -2).sort()).toEqual([folder, `${folder}/sure`, `${folder}/sure/ly`]);
    expect(await synced(() => documents.put('things', 'a', { n: 1 }))).toEqual([text, `${folder}/sure/ly/things`]);
    const journal = `${folder}/sure/ly/journal.jsonl`;
    expect(await synced(() => documents.append('journal', {}))).toEqual([journal, `${folder}/sure/ly`]);
    expect(await synced(() => documents.append('journal', {}))).toEqual([journal]);
    expect(await synced(() => documents.remove('things', 'a'))).toEqual([`${folder}/sure/ly/things`]);
  });

  it('are rid of what a writer that was killed left long ago, and of nothing else', async () => {
    const documents = await openDocuments(`file:${folder}/killed`, log);
    await documents.put('things', 'a', {});
    const [old, young, other] = ['b.json.0123456789ab.new', 'c.json.0123456789ab.new', 'd.new'];
    for (const name of [old, young, other]) await writeFile(`${folder}/killed/things/${name}`, '{"half');
    const ago = Date.now() / 1_000 - 3_700;
    for (const name of [old, other]) await utimes(`${folder}/killed/things/${name}`, ago, ago);
    expect([...(await documents.all('things')).keys()]).toEqual(['a']);
    expect((await readdir(`${folder}/killed/things`)).sort()).toEqual(['a.json', young, other]);
  });

  it.runIf(process.getuid?.() === 0)('are not written by root into the store of another user', async () => {
    const documents = await openDocuments(`file:${folder}/theirs`, log);
    await documents.put('things', 'a', {});
    await chown(`${folder}/theirs`, 65_532, 65_532);
    const refusal = /it belongs to user 65532: run this as that user/;
    await expect(documents.put('things', 'b', {})).rejects.toThrow(refusal);
    await expect(documents.append('journal', {})).rejects.toThrow(refusal);
    expect([...(await documents.all('things')).keys()]).toEqual(['a']);
  });

  it('say in one message where they cannot be kept, and the mend', async () => {
    await writeFile(`${folder}/file`, '');
    const documents = await openDocuments(`file:${folder}/file`, log);
    await expect(documents.put('things', 'a', {})).rejects.toThrow(
      /^cannot write the store file:.*\/file: .*\(a part of the path is a file: choose another place with --store\)$/,
    );
  });
});

describeWithDisk('documents on a disk that is full', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    disk = mountSmallDisk();
  });
  afterEach(() => disk.dispose());

  it('lose neither the lines before nor those behind one that was refused', async () => {
    const documents = await openDocuments(`file:${disk.folder}`, log);
    await documents.append('journal', { n: 1 });
    disk.fill();
    // The page that the first line stands in has room for a part of it.
    await expect(documents.append('journal', { n: 2, text: 'x'.repeat(5_000) })).rejects.toThrow('the disk is full');
    expect(await readFile(`${disk.folder}/journal.jsonl`, 'utf8')).toBe('{"n":1}\n');
    disk.free();
    await documents.append('journal', { n: 3 });
    expect(await documents.lines('journal')).toEqual([{ n: 1 }, { n: 3 }]);
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
