import {
  type AgentPattern,
  type AgentSpec,
  argsOf,
  matches,
  matchesAny,
  type ProcessPattern,
} from '../model/catalogue.ts';
import type { AgentSummary, Example, Explanation } from '../model/explanation.ts';
import { isLauncher } from './launcher.ts';
import { describePattern, recognise } from './recogniser.ts';
import { isToolShell, looksLike, markersIn, type WeakEvidence, weigh } from './suspicion.ts';

/** Each agent of the catalogue as a list shows it. */
export const summarise = (catalogue: readonly AgentSpec[]): readonly AgentSummary[] =>
  catalogue.map(({ id, name, verified, processes, markers, looks, config, calls, daemon }) => ({
    id,
    name,
    verified,
    evidence: [
      ...(processes.some(({ exepath, exe }) => exepath || exe) ? ['executable' as const] : []),
      ...(processes.some(({ cmdline, args }) => cmdline || args) || looks.length > 0 ? ['command line' as const] : []),
      ...(markers.length > 0 ? ['environment' as const] : []),
      ...(config.length > 0 ? ['config directory' as const] : []),
      ...(calls.length > 0 || daemon ? ['ancestry' as const] : []),
    ],
  }));

/** Which agents a process would be taken for, and why or why not; the one that it is taken for first. */
export const explain = (catalogue: readonly AgentSpec[], example: Example): readonly Explanation[] => {
  const taken = recognise(catalogue, example);
  return catalogue
    .map((spec): Explanation => {
      const head = { id: spec.id, name: spec.name };
      if (taken?.spec === spec) return { ...head, verdict: 'agent', ...taken.recognition, reasons: [] };
      const weak = weakEvidence(spec, example);
      return {
        ...head,
        verdict: weak.length > 0 ? 'suspected' : markersIn(spec, example.env).length > 0 ? 'child' : 'no',
        ...weigh(weak),
        reasons: [...markerReasons(spec, example), ...reasonsAgainst(spec, example, taken?.spec)],
      };
    })
    .sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
};

const RANK = { agent: 0, suspected: 1, child: 2, no: 3 } as const;

const weakEvidence = (spec: AgentSpec, example: Example): readonly WeakEvidence[] =>
  looksLike([spec], example).length > 0 ? ['command line: arguments of this agent'] : [];

/** A marker speaks against the process that carries it: it is a child of the agent. */
const markerReasons = (spec: AgentSpec, example: Example): readonly string[] => {
  const markers = markersIn(spec, example.env);
  if (markers.length === 0) return [];
  const shell = isToolShell(spec, example) ? ', as a tool shell of this agent' : '';
  return [
    `carries ${markers.join(', ')}${shell}: the first process above it that does not is suspected, unless a wrapper`,
  ];
};

const reasonsAgainst = (spec: AgentSpec, example: Example, taken: AgentSpec | undefined): readonly string[] => {
  const fits = spec.processes.filter((pattern) => matches(pattern, example));
  if (fits.length > 0 && matchesAny(spec.except, example))
    return ['excepted: the agent’s own executable at other work'];
  if (fits.length > 0) return [`less sure than ${taken?.id}`];
  const launcher = isLauncher(example.exepath) ? ['a shell or wrapper is never suspected'] : [];
  return [...launcher, ...spec.processes.map((pattern) => misses(pattern, example))];
};

const misses = (pattern: AgentPattern, example: Example): string => {
  const { exepath, exe, cmdline, args } = pattern;
  const wrong = [
    miss('exepath', exepath, { exepath }, example, example.exepath),
    miss('argv[0]', exe, { exe }, example, example.exe),
    miss('command line', cmdline, { cmdline }, example, example.cmdline),
    miss('arguments', args, { args }, example, argsOf(example)),
  ];
  return `${describePattern(pattern)}: ${wrong.filter((text) => text !== undefined).join('; ')}`;
};

const miss = (
  what: string,
  regex: RegExp | undefined,
  pattern: { [K in keyof ProcessPattern]?: ProcessPattern[K] | undefined },
  example: Example,
  value: string | undefined,
): string | undefined => {
  if (!regex || matches(pattern as ProcessPattern, example)) return undefined;
  const shown = regex.source.replaceAll('\\/', '/');
  return value === undefined ? `${what} is not given, and must match ${shown}` : `${what} does not match ${shown}`;
};
