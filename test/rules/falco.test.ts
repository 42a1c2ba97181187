import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TELEMETRY_TAG, WANTED_FIELDS } from '../../src/decode/event.ts';
import { parseCondition } from './falco-condition.ts';
import { printedFields, readFalcoRules } from './falco-rules.ts';
import { readRecorded } from './recorded.ts';

const KNOWN = new Set(
  readFileSync(join(import.meta.dirname, '../fixtures/falco-fields.txt'), 'utf8')
    .trim()
    .split('\n'),
);
const RECORDING = join(import.meta.dirname, '../recordings/judge/claude-a00-aws-creds-exfil.jsonl.gz');

/** Falco's container plugin adds these itself, under names of its own choice. */
const FROM_PLUGIN = /^(container|k8s)\./;
/** Falco's own report of drops, which no rule prints. */
const INTERNAL = new Set(['n_drops']);
/** What names the parent stands for index 1. */
const PARENT: Readonly<Record<string, string>> = {
  'proc.apid[1]': 'proc.ppid',
  'proc.aname[1]': 'proc.pname',
  'proc.aexepath[1]': 'proc.pexepath',
  'proc.acmdline[1]': 'proc.pcmdline',
};
/** How far up a rule prints ancestors, and their command lines, which are long. */
const isTooFarUp = (field: string): boolean => {
  const [, kind, index] = /^proc\.a(\w+)\[(\d+)\]$/.exec(field) ?? [];
  return index !== undefined && Number(index) > (kind === 'cmdline' ? 4 : 8);
};
const isTelemetry = ({ tags }: { tags: readonly string[] }) => tags.includes(TELEMETRY_TAG);

/** Variables by which sessions are placed, as src/process reads them. */
const VARIABLES = [
  ...['CLAUDECODE', 'GEMINI_CLI', 'CODEX_THREAD_ID', 'CODEX_TOOL_CALL_ID', 'CODEX_SESSION_ID', 'npm_lifecycle_event'],
  ...[
    ...readFileSync(join(import.meta.dirname, '../../src/process/scope.ts'), 'utf8').matchAll(/'([A-Z][A-Z_]+)'/g),
  ].map((match) => match[1] as string),
];

describe.each(['creance_rules.yaml', 'creance_rules_minimal.yaml'])('%s', (file) => {
  const all = readFalcoRules(file);
  const printed = new Set(all.rules.filter(isTelemetry).flatMap(({ output }) => printedFields(output)));

  it('prints only fields that every supported Falco knows, and none of the container plugin', () => {
    for (const { rule, output } of all.rules)
      for (const field of printedFields(output)) expect(KNOWN, `${rule} prints ${field}`).toContain(baseOf(field));
  });

  it('asks only for fields that every supported Falco knows', () => {
    for (const { rule, condition } of all.rules)
      for (const field of parseCondition(condition, all).fields)
        expect(KNOWN, `${rule} asks ${field}`).toContain(baseOf(field));
  });

  it('has one description, a priority and tags for each rule, and no name twice', () => {
    expect(new Set(all.rules.map(({ rule }) => rule)).size).toBe(all.rules.length);
    for (const { rule, desc, priority, tags } of all.rules) {
      expect(desc.trim(), rule).not.toBe('');
      expect(['DEBUG', 'WARNING'], rule).toContain(priority);
      expect(tags.length, rule).toBeGreaterThan(0);
    }
    expect(all.rules.filter((rule) => !isTelemetry(rule)).map(({ rule }) => rule)).toEqual([
      'creance outsider reads agent credential',
    ]);
  });

  it('prints the variables by which sessions are placed, at each execution', () => {
    const exec = all.rules.find(({ rule }) => rule === 'creance exec');
    const fields = printedFields(exec?.output ?? '');
    for (const name of VARIABLES) expect(fields).toContain(`proc.env[${name}]`);
  });

  it('scopes every rule of telemetry to agents, by more than names of processes', () => {
    for (const { rule, condition } of all.rules.filter(isTelemetry)) expect(condition, rule).toContain('creance_scope');
    const { fields } = parseCondition(all.macros.get('creance_agent_above') ?? '', all);
    expect(fields).not.toContain('proc.aname');
  });

  it.skipIf(file.includes('minimal'))('prints every field that an event is made of', () => {
    for (const field of WANTED_FIELDS) {
      if (FROM_PLUGIN.test(field) || INTERNAL.has(field) || isTooFarUp(field)) continue;
      // Terminals and process groups tell of executions; elsewhere nobody asks.
      expect(printed, `nobody prints ${field}`).toContain(PARENT[field] ?? field);
    }
  });

  it('keeps the events of an attack and few others', () => {
    const conditions = all.rules
      .filter(isTelemetry)
      .map(({ rule, condition }) => ({ rule, ...parseCondition(condition, all) }));
    const recorded = readRecorded(RECORDING);
    const kept = recorded.filter(({ fields }) => conditions.some(({ holds }) => holds(fields)));
    expect(kept.length).toBeLessThan(recorded.length * 0.35);
    expect(kept.some(({ fields }) => String(fields['fd.name']).endsWith('/.aws/credentials'))).toBe(true);
    expect(kept.some(({ fields }) => fields['fd.sip'] === '203.0.113.66')).toBe(true);
  });
});

const baseOf = (field: string): string => field.replace(/\[.*$/, '').replace(/^evt\.arg\..*$/, 'evt.arg');
