import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/process/catalogue.ts';

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'catalogue-')), 'ours.yaml');
  writeFileSync(path, text);
  return path;
};

const problemsOf = (text: string): string => {
  const path = file(text);
  try {
    loadCatalogue([path]);
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll(path, 'ours.yaml');
  }
};

const ENTRY = 'id: ours\nname: Ours\nverified: false\n';

test('the shipped entries load; three are verified', () => {
  const shipped = loadCatalogue();
  expect(shipped.map(({ id }) => id)).toEqual([
    'aider',
    'amp',
    'claude-code',
    'codex-cli',
    'copilot-cli',
    'cursor-cli',
    'gemini-cli',
    'goose',
    'opencode',
    'qwen-code',
  ]);
  expect(shipped.filter(({ verified }) => verified).map(({ id }) => id)).toEqual([
    'claude-code',
    'codex-cli',
    'gemini-cli',
  ]);
});

test('a user’s file adds an entry, or replaces one by its id', () => {
  const ours = file(
    `${ENTRY}processes: [{ exepath: '/ours$' }, { args: '^serve' }]\nmarker: OURS\nmarkers: [OURS_ID]\n`,
  );
  const added = loadCatalogue([ours]).find(({ id }) => id === 'ours');
  expect(added?.processes.map(({ confidence }) => confidence)).toEqual([0.95, 0.7]);
  expect(added?.markers).toEqual(['OURS', 'OURS_ID']);
  const goose = file(`${ENTRY.replace('ours', 'goose')}processes: [{ exepath: '/ganse$' }]\n`);
  expect(loadCatalogue([goose]).filter(({ id }) => id === 'goose')).toMatchObject([{ name: 'Ours' }]);
});

describe('what is wrong is told with file, line, column and mend', () => {
  test.each([
    [`${ENTRY}proceses: []\n`, 'ours.yaml:4:1: proceses is not a known key; did you mean processes?'],
    [`${ENTRY}processes: [{ exepaht: x }]\n`, 'ours.yaml:4:15: exepaht is not a known key; did you mean exepath?'],
    [`${ENTRY}processes: []\n`, 'ours.yaml:4:12: processes needs at least one pattern'],
    [`${ENTRY}processes: [{ note: x }]\n`, 'ours.yaml:4:13: processes[0] needs at least one condition'],
    [
      `${ENTRY}processes: [{ exepath: '' }]\n`,
      'ours.yaml:4:15: processes[0].exepath must not be empty: it would match everything',
    ],
    [
      `${ENTRY}processes: [{ exepath: '(' }]\n`,
      'ours.yaml:4:24: processes[0].exepath is no Invalid regular expression',
    ],
    [
      `${ENTRY}processes: [{ exepath: x, confidence: 2 }]\n`,
      'ours.yaml:4:39: processes[0].confidence must be at most 1',
    ],
    [`${ENTRY}`, 'processes is missing; add it'],
    ['id: [\n', 'is not valid YAML'],
    [
      `${ENTRY}processes: [{ exe: x }]\nmarker: 'A B'\n`,
      'ours.yaml:5:9: marker must be the name of an environment variable',
    ],
  ])('%j', (text, message) => {
    expect(problemsOf(text)).toContain(message);
  });

  test('all of it at once', () => {
    expect(problemsOf(`id: OURS\nverified: false\nprocesses: []\n`).split('\n')).toHaveLength(4);
  });

  test('a file that is not there', () => {
    expect(() => loadCatalogue(['/nowhere/x.yaml'])).toThrow(/\/nowhere\/x.yaml cannot be read: ENOENT/);
  });
});
