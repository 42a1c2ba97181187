import { configSchema } from '../../src/config.ts';
import type { IsAccepted } from '../../src/detect/acceptance/acceptances.ts';
import { Baselines } from '../../src/detect/baseline/baselines.ts';
import type { Prior } from '../../src/detect/baseline/prior.ts';
import type { SessionProfile } from '../../src/detect/baseline/profile.ts';
import { judge } from '../../src/detect/judge.ts';
import type { AgentAction } from '../../src/model/action.ts';
import type { Session } from '../../src/model/session.ts';
import type { SessionEnd } from '../../src/model/traced.ts';
import type { Finding } from '../../src/model/verdict.ts';
import { type Act, stage } from '../eval/scenes.ts';

export const SECOND = 1_000_000_000n;

export const session = (over: Partial<Session> = {}): Session => ({
  id: 'codex-cli-000000000001',
  agent: 'codex-cli',
  node: 'runner',
  pid: 7,
  start: 0n,
  scope: { repository: 'acme/shop', workflow: 'agent', job: 'implement' },
  scopeSource: 'environment',
  workspace: '/home/runner/_work/shop/shop',
  home: '/home/runner',
  unsafeFlags: [],
  startedBy: 'user',
  recognition: { confidence: 1, evidence: [] },
  lateStart: false,
  ...over,
});

/** A session that does these things, one a second. */
export const actionsOf = (acts: readonly Act[], of: Session = session()): readonly AgentAction[] =>
  acts.map((act, index) => {
    const at = BigInt(index) * SECOND;
    const [made] = stage({ name: '', attack: false, acts: [act] }, { session: of, end: at } as AgentAction, HOST);
    return { ...(made as AgentAction), index };
  });

/** What `KNOWN` stands for in scenes. */
export const HOST = '198.18.5.5:443';

const { detect } = configSchema.parse({});
export const detectConfig = { ...detect, sequence: { ...detect.sequence, enabled: false } };

export const newBaselines = (prior?: Prior): Baselines =>
  new Baselines({ ...detectConfig.baseline, ...(prior && { prior: () => prior }) });

/** Judges a session to its end: its findings, and what it has to teach. */
export const judged = (
  acts: readonly Act[],
  baselines: Baselines,
  of: Session = session(),
  reason: SessionEnd['reason'] = 'exit',
  config = detectConfig,
  isAccepted?: IsAccepted,
) => {
  const machine = judge(config, [], baselines, isAccepted);
  const state = machine.initial();
  const findings: Finding[] = [];
  const take = (outputs: ReturnType<typeof machine.onEvent>) =>
    outputs.flatMap((output) => {
      if (output.type === 'verdict') findings.push(...output.raised);
      return output.type === 'lesson' ? [output] : [];
    });
  take(machine.onEvent(state, { type: 'session-start', session: of, time: 0n }));
  for (const action of actionsOf(acts, of)) take(machine.onEvent(state, action));
  const time = BigInt(acts.length + 1) * SECOND;
  const [lesson] = take(machine.onEvent(state, { type: 'session-end', session: of, time, reason }));
  return { findings, lesson };
};

/** Learns the same work a number of times over, in sessions of their own. */
export const teach = (baselines: Baselines, acts: readonly Act[], times: number, over: Partial<Session> = {}): void => {
  for (let at = 0; at < times; at++) {
    const { lesson } = judged(acts, baselines, session({ ...over, id: `${over.id ?? 'codex-cli'}-${at}` }));
    if (lesson) baselines.add(lesson.profile);
  }
};

/** A profile with nothing but what is asked for. */
export const profile = (over: Partial<SessionProfile> = {}): SessionProfile => ({
  version: 2,
  session: 'codex-cli-1',
  agent: 'codex-cli',
  scope: { repository: 'acme/shop', workflow: 'agent', job: 'implement' },
  ended: '1000000000',
  names: ['program node', 'symbol shell:node script'],
  shapes: [[0, 1]],
  path: [0, 0],
  ...over,
});

export const WORK: readonly Act[] = [
  { kind: 'file-read', title: 'cat src/cart.js', runs: ['cat'], programs: ['bash', 'cat'] },
  { kind: 'file-edit', title: 'edit src/cart.js', runs: ['workspace/js'], writes: ['./src/cart.js'] },
  { title: 'npm test', runs: ['npm test'], programs: ['bash', 'npm', 'node', 'sh'] },
  { title: 'npm run build', runs: ['npm run build'], programs: ['bash', 'npm', 'node', 'sh'] },
  {
    kind: 'network',
    title: 'curl -s http://KNOWN/page',
    runs: ['curl'],
    programs: ['bash', 'curl'],
    connects: ['public KNOWN'],
  },
  { kind: 'vcs', title: 'git commit -qam x', runs: ['git commit'], programs: ['bash', 'git'] },
];
