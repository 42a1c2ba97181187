import type { AgentSpec } from '../model/catalogue.ts';
import { ms, type Nanos } from '../model/time.ts';
import type { ProcessConfig } from './config.ts';
import { type LiveBranch, type LiveSession, type Member, type Proc, placeOf } from './lineage.ts';
import type { Accounts } from './metrics.ts';
import { ProcessTable } from './table.ts';

/** Exited processes are remembered at least this long. */
const MEMORY_OF_EXITED: Nanos = 5_000_000_000n;

/** Everything that the tracer holds. */
export interface TracerState {
  readonly catalogue: readonly AgentSpec[];
  readonly config: ProcessConfig;
  readonly accounts: Accounts;
  readonly table: ProcessTable;
  readonly sessions: Map<number, LiveSession>;
  /** Sessions that have begun so far. */
  begun: number;
}

export const createState = (
  catalogue: readonly AgentSpec[],
  config: ProcessConfig,
  accounts: Accounts,
): TracerState => {
  const lateness = 2n * ms(config.allowedLatenessMs);
  const memory = lateness > MEMORY_OF_EXITED ? lateness : MEMORY_OF_EXITED;
  const table = new ProcessTable(config.maxProcesses, memory, {
    isNeeded: (proc) => placeOf(proc)?.role === 'agent',
    onForget: leave,
  });
  const sessions = new Map<number, LiveSession>();
  accounts.processes = () => table.size;
  accounts.processEvictions = () => table.evictions;
  accounts.open = () => {
    const open = new Map<string, number>();
    for (const { spec } of sessions.values()) open.set(spec.id, (open.get(spec.id) ?? 0) + 1);
    return open;
  };
  return { catalogue, config, accounts, table, sessions, begun: 0 };
};

/** Gives a process its place, and takes it from where it was. */
export const join = (proc: Proc, member: Member): void => {
  leave(proc);
  proc.member = member;
  delete proc.vain;
  delete proc.suspicions;
  if (proc.exitedAt === undefined) member.session.alive++;
};

const leave = (proc: Proc): void => {
  const member = placeOf(proc);
  if (member && proc.exitedAt === undefined) member.session.alive--;
};

/** The place of a child: below the same direct child of the agent, or as a new one. */
export const childOf = (parent: Member, pid: number): Member => {
  if (parent.branch) return { session: parent.session, role: 'child', branch: parent.branch };
  const branch: LiveBranch = { id: parent.session.branches++, pid, ownSession: false };
  return { session: parent.session, role: 'child', branch };
};
