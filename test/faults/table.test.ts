import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from './row.ts';
import { areas, faults } from './rows.ts';

const root = join(import.meta.dirname, '../..');
const DOCUMENT = join(root, 'docs/operations.md');
const [BEGIN, END] = ['<!-- Faults: written by `npm run faults` -->', '<!-- end of faults -->'];

const HEADS = ['fault', 'what is lost', 'what the log says', '`/readyz`', 'left above zero', 'how it ends'];

const lostOf = ({ count, of, note }: Fault['lost']): string =>
  `${count === 0 ? 'nothing' : count} of ${of}${note === undefined ? '' : `; ${note}`}`;

const readyzOf = ({ ready, part }: Fault['readyz']): string => {
  const state = ready ? 'ready' : '**not ready**';
  return part === undefined ? state : `${state}; told at \`${part}\``;
};

/** A code span, which a text with quotes of its own needs two of. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

const quoted = (texts: readonly string[], between: string): string =>
  texts.length === 0 ? 'nothing' : texts.map(code).join(between);

const cellsOf = ({ fault, lost, log, readyz, counters, recovery }: Fault): readonly string[] => [
  fault,
  lostOf(lost),
  quoted(log, ', then '),
  readyzOf(readyz),
  quoted(counters, ', '),
  recovery,
];

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const tableOf = (rows: Readonly<Record<string, Fault>>): string =>
  [line(HEADS), line(HEADS.map(() => '---')), ...Object.values(rows).map((row) => line(cellsOf(row)))].join('\n');

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(root, 'test', file), 'utf8'));

describe('the table of faults', () => {
  it.each(Object.keys(faults))('%s is proven by a test', (id) => {
    expect(tests.filter((text) => text.includes(`fault('${id}')`))).not.toEqual([]);
  });

  it('stands in docs/operations.md as the tests have it', async () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    const [before, after] = [document.split(BEGIN)[0], document.split(END)[1]];
    const tables = Object.entries(areas).map(([area, rows]) => `### ${area}\n\n${tableOf(rows)}\n`);
    await expect(`${before}${[BEGIN, '', ...tables].join('\n')}\n${END}${after}`).toMatchFileSnapshot(DOCUMENT);
  });
});
