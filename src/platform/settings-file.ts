import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Origin, Problem } from './settings-problem.ts';

/** A settings file, parsed. */
export interface SettingsFile {
  /** The root mapping; empty when the file is, or when its syntax is so broken that nothing in it can be trusted. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  /** Where the value at `path` stands, or the nearest thing around it that the file holds. */
  locate(path: readonly PropertyKey[], part?: 'key' | 'value'): Origin;
}

export const parseSettingsFile = (name: string, text: string): SettingsFile => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { kind: 'file', file: name, line, column: col };
  };
  const { contents } = document;
  const problems = syntaxProblems(document, text).map(({ offset, text }) => ({ origin: at(offset), text }));
  if (contents && !isMap(contents) && problems.length === 0)
    problems.push({ origin: at(contents.range[0]), text: `the file must be a mapping of keys, not ${kind(contents)}` });
  const sound = isMap(contents) && problems.every(({ text }) => text.endsWith(GIVEN_TWICE));
  let values = {};
  try {
    if (sound) values = document.toJS();
  } catch {
    problems.push({ origin: at(0), text: 'the aliases in the file expand to too much' });
  }
  return { values, problems, locate: (path, part = 'value') => at(offsetOf(document, path, part)) };
};

const kind = (node: unknown): string => (isSeq(node) ? 'a list' : 'a single value');

const GIVEN_TWICE = 'is given twice; keep one';

/** What the parser refuses, and what it would only warn about or fail on later. */
const syntaxProblems = (document: Document, text: string): { offset: number; text: string }[] => {
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    const [offset] = pos;
    if (code === 'DUPLICATE_KEY') return { offset, text: `${/^[^\s:]+/.exec(text.slice(offset))?.[0]} ${GIVEN_TWICE}` };
    if (code === 'TAB_AS_INDENT') return { offset, text: 'a tab may not indent; use spaces' };
    if (code === 'BLOCK_AS_IMPLICIT_KEY')
      return { offset, text: 'a value that ends with `:` or holds `: ` must be in quotes' };
    if (code === 'MULTIPLE_DOCS') return { offset, text: 'a second document begins; remove this `---`' };
    return { offset, text: `is not valid YAML: ${message}` };
  });
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document))
        problems.push({
          offset: alias.range?.[0] ?? 0,
          text: `*${alias.source} stands for nothing: no &${alias.source} comes before it`,
        });
    },
  });
  return problems;
};

const offsetOf = (document: Document, path: readonly PropertyKey[], part: 'key' | 'value'): number => {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [index, step] of path.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    const last = index === path.length - 1;
    if (isMap(holder)) {
      const pair = holder.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) return offset;
      const empty = !isNode(pair.value) || (isScalar(pair.value) && pair.value.source === '');
      offset = startOf(empty || isMap(pair.value) || (last && part === 'key') ? pair.key : pair.value, offset);
      node = pair.value;
    } else if (isSeq(holder) && typeof step === 'number') {
      node = holder.items[step];
      offset = startOf(node, offset);
    } else return offset;
  }
  return offset;
};

const startOf = (node: unknown, fallback: number): number => (isNode(node) ? (node.range?.[0] ?? fallback) : fallback);
