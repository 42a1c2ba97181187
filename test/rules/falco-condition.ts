import type { FalcoRules } from './falco-rules.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Condition = (fields: Fields) => boolean;

/** The fields and the operators that a condition uses, besides what it does. */
export interface Parsed {
  readonly holds: Condition;
  readonly fields: ReadonlySet<string>;
}

const TOKEN = /\s*(?:"([^"]*)"|(\(|\)|,|!=|>=|<=|=|<|>)|([^\s(),=<>!"]+))/y;

/** Reads the part of Falco's condition language that our rules use. Throws on what it does not know. */
export const parseCondition = (text: string, rules: FalcoRules): Parsed => {
  const fields = new Set<string>();
  const tokens: { text: string; quoted: boolean }[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`cannot read ${text.slice(at, at + 30)}`);
    tokens.push({ text: match[1] ?? match[2] ?? match[3] ?? '', quoted: match[1] !== undefined });
  }
  let at = 0;
  const peek = () => (tokens[at]?.quoted ? undefined : tokens[at]?.text);
  const take = () => tokens[at++]?.text ?? '';
  const expect = (wanted: string) => {
    const got = take();
    if (got !== wanted) throw new Error(`expected ${wanted}, not ${got}`);
  };
  const or = (): Condition => {
    const parts = [and()];
    while (peek() === 'or') {
      at++;
      parts.push(and());
    }
    return parts.length === 1 ? (parts[0] as Condition) : (seen) => parts.some((part) => part(seen));
  };
  const and = (): Condition => {
    const parts = [not()];
    while (peek() === 'and') {
      at++;
      parts.push(not());
    }
    return parts.length === 1 ? (parts[0] as Condition) : (seen) => parts.every((part) => part(seen));
  };
  const not = (): Condition => {
    if (peek() === 'not') {
      at++;
      const inner = not();
      return (seen) => !inner(seen);
    }
    if (peek() !== '(') return check();
    at++;
    const inner = or();
    expect(')');
    return inner;
  };
  const check = (): Condition => {
    const name = take();
    const macro = rules.macros.get(name);
    if (macro !== undefined) {
      const parsed = parseCondition(macro, rules);
      for (const field of parsed.fields) fields.add(field);
      return parsed.holds;
    }
    if (!name.includes('.')) throw new Error(`no such macro: ${name}`);
    fields.add(name);
    const operator = take();
    if (operator !== 'in') return compare(name, operator, take());
    expect('(');
    const wanted: string[] = [];
    while (peek() !== ')') {
      const item = take();
      if (item !== ',') wanted.push(...(rules.lists.get(item) ?? [item]));
    }
    expect(')');
    return (seen) => valuesOf(name, seen).some((value) => wanted.includes(value));
  };
  const holds = or();
  if (at < tokens.length) throw new Error(`left over: ${take()}`);
  return { holds, fields };
};

const compare = (name: string, operator: string, wanted: string): Condition => {
  const test = OPERATORS[operator];
  if (!test) throw new Error(`no such operator: ${operator}`);
  if (name === 'fd.snet')
    return (seen) => valuesOf('fd.sip', seen).some((value) => value.startsWith(wanted.split('.')[0] ?? ''));
  return (seen) => valuesOf(name, seen).some((value) => test(value, wanted));
};

const OPERATORS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  contains: (value, wanted) => value.includes(wanted),
  startswith: (value, wanted) => value.startsWith(wanted),
  endswith: (value, wanted) => value.endsWith(wanted),
};

const WRITING = /O_(WRONLY|RDWR)\b/;

/** The values of a field in a recorded event; without an index a field of ancestors has one for each. */
const valuesOf = (name: string, seen: Fields): readonly string[] => {
  const flags = String(seen['evt.arg.flags'] ?? '');
  if (name === 'evt.is_open_write') return [String(WRITING.test(flags))];
  if (name === 'evt.is_open_read') return [String(/O_(RDONLY|RDWR)\b/.test(flags))];
  if (name === 'thread.ismain') return ['true'];
  if (name === 'proc.env')
    return Object.entries(seen).flatMap(([field, value]) =>
      field.startsWith('proc.env[') && value !== null && value !== '' ? [`${field.slice(9, -1)}=${value}`] : [],
    );
  const ancestors = ANCESTORS[name];
  const named = ancestors
    ? Object.keys(seen).filter((field) => ancestors.includes(field) || field.startsWith(`${name}[`))
    : [name];
  return named.flatMap((field) => (seen[field] === null || seen[field] === undefined ? [] : [String(seen[field])]));
};

const ANCESTORS: Readonly<Record<string, readonly string[]>> = {
  'proc.acmdline': ['proc.cmdline', 'proc.pcmdline'],
  'proc.aexepath': ['proc.exepath', 'proc.pexepath'],
  'proc.aname': ['proc.name', 'proc.pname'],
};
