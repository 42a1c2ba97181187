import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AgentAction } from '../../src/model/action.ts';
import { pathOf } from './replay.ts';

type Fields = Record<string, unknown>;

interface Truth {
  readonly agent: 'claude' | 'gemini' | 'codex';
  readonly calls: readonly {
    readonly start: string;
    readonly end: string;
    readonly tools: readonly (readonly [string, Record<string, string>])[];
  }[];
}

interface Raw {
  readonly rule: string;
  readonly fields: Fields;
  readonly time: bigint;
}

const text = (fields: Fields, name: string): string => String(fields[name] ?? '');

/** How the truth knows an agent's own processes, independently of the catalogue. */
const IS_AGENT: Record<Truth['agent'], (fields: Fields) => boolean> = {
  claude: (f) =>
    /claude\.exe$/.test(text(f, 'proc.exepath')) &&
    / -p /.test(text(f, 'proc.cmdline')) &&
    !/^(ugrep|bfs|rg) /.test(text(f, 'proc.cmdline')),
  gemini: (f) => /\/gemini( |$)/.test(text(f, 'proc.cmdline')) && /(^|\/)node$/.test(text(f, 'proc.exepath')),
  codex: (f) =>
    (/codex$/.test(text(f, 'proc.exepath')) && / exec /.test(text(f, 'proc.cmdline'))) ||
    /codex-code-mode-host/.test(text(f, 'proc.exepath')),
};
const HOUSEKEEPING = [/^git -c protocol\.ext/, /^bash -c( -l)? (env$|SNAPSHOT_FILE)/];
const FILE_TOOLS = /^(Read|Edit|Write|read_file|write_file|replace)$/;

const read = (name: string): { events: readonly Raw[]; truth: Truth } => {
  const truth = JSON.parse(readFileSync(pathOf(name, '.truth.json'), 'utf8')) as Truth;
  const lines = gunzipSync(readFileSync(pathOf(name, '.jsonl.gz')))
    .toString()
    .split('\n');
  const events = lines
    .filter((line) => line.startsWith('{'))
    .map(
      (line) =>
        JSON.parse(line.replace(/"evt\.rawtime":(\d+)/, '"evt.rawtime":"$1"')) as {
          rule: string;
          output_fields: Fields;
        },
    )
    .map(({ rule, output_fields: fields }) => ({ rule, fields, time: BigInt(text(fields, 'evt.rawtime')) }));
  return { events, truth };
};

/** Numbers of the events that belong together, a list for each tool call: its trees of processes, its files. */
const callsOf = ({ events, truth }: ReturnType<typeof read>): readonly (readonly string[])[] => {
  const executed = events.filter(({ rule, fields }) => rule === 'Agent exec' && fields['evt.res'] === 'SUCCESS');
  const agents = new Set(
    executed
      .filter(({ fields }) => IS_AGENT[truth.agent](fields))
      .map(({ fields }) => fields['proc.pid'])
      .slice(0, 4),
  );
  return truth.calls.flatMap(({ start, end, tools }) => {
    const within = ({ time }: Raw) => time >= BigInt(start) && time <= BigInt(end);
    const trees = new Map<unknown, { readonly first: Fields; readonly numbers: string[] }>();
    for (const { fields } of executed.filter(within)) {
      const chain = [fields['proc.pid'], ...[1, 2, 3, 4, 5, 6].map((n) => fields[`proc.apid[${n}]`])];
      const depth = chain.findIndex((pid) => agents.has(pid));
      if (depth <= 0) continue;
      const tree = trees.get(chain[depth - 1]) ?? { first: fields, numbers: [] };
      trees.set(chain[depth - 1], tree);
      tree.numbers.push(text(fields, 'evt.num'));
    }
    const ran = [...trees.values()]
      .filter(
        ({ first }) =>
          truth.agent !== 'claude' || !HOUSEKEEPING.some((pattern) => pattern.test(text(first, 'proc.cmdline'))),
      )
      .map(({ numbers }) => numbers);
    const files = tools
      .filter(([tool]) => FILE_TOOLS.test(tool))
      .map(([, args]) => args.file_path ?? args.path ?? args.absolute_path)
      .filter((path) => path !== undefined)
      .map((path) =>
        events
          .filter((event) => within(event) && opens(event, path, agents))
          .map(({ fields }) => text(fields, 'evt.num')),
      )
      .filter((numbers) => numbers.length > 0);
    return [...ran, ...files];
  });
};

const opens = ({ rule, fields }: Raw, path: string, agents: ReadonlySet<unknown>): boolean => {
  if (!agents.has(fields['proc.pid']) || !/open_(read|write)$/.test(rule)) return false;
  const name = text(fields, 'fd.name');
  return (
    name === path || (/^\/proc\/self\/fd\/\d+\//.test(name) && basename(name).startsWith(`${basename(path)}.tmp.`))
  );
};

export interface Score {
  calls: number;
  matched: number;
  /** Actions that hold events of calls, and those of them that match one. */
  touched: number;
  good: number;
  /** Actions that are not housekeeping. */
  made: number;
}

/** A call is matched when one action holds at least 80 % of its events, and these are 80 % of the action's that belong to any call. */
export const score = (name: string, actions: readonly AgentAction[]): { agent: string; score: Score } => {
  const recording = read(name);
  const calls = callsOf(recording);
  const callOf = new Map(calls.flatMap((numbers, index) => numbers.map((number) => [number, index] as const)));
  const matched = new Set<number>();
  let touched = 0;
  for (const { events } of actions) {
    const counts = new Map<number, number>();
    for (const number of events) {
      const call = callOf.get(number);
      if (call !== undefined) counts.set(call, (counts.get(call) ?? 0) + 1);
    }
    const [best] = [...counts].sort(([, a], [, b]) => b - a);
    if (!best) continue;
    touched++;
    const sum = [...counts.values()].reduce((a, b) => a + b, 0);
    const [call, count] = best;
    if (count / sum >= 0.8 && count / (calls[call]?.length ?? 1) >= 0.8) matched.add(call);
  }
  const made = actions.filter(({ kind }) => kind !== 'housekeeping').length;
  return {
    agent: recording.truth.agent,
    score: { calls: calls.length, matched: matched.size, touched, good: matched.size, made },
  };
};
