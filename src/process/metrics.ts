import { Counter, Gauge, type Registry } from '../platform/metrics.ts';

/** Why a session ended, with `limit` for one that had to make room. */
export const END_REASONS = ['exit', 'silence', 'stream-end', 'limit'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** What the tracer counts: plain numbers, so that an event costs nothing; they are read when a scrape asks. */
export class Accounts {
  processes: () => number = () => 0;
  processEvictions: () => number = () => 0;
  open: () => ReadonlyMap<string, number> = () => new Map();
  unattributed = 0;
  readonly ended = new Map<string, Map<EndReason, number>>();

  end(agent: string, reason: EndReason): void {
    let reasons = this.ended.get(agent);
    if (!reasons) {
      reasons = new Map();
      this.ended.set(agent, reasons);
    }
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
}

export const registerProcessMetrics = (registry: Registry, agents: readonly string[], accounts: Accounts): void => {
  const registers = [registry];
  new Gauge({
    name: 'creance_processes',
    help: 'Processes remembered.',
    registers,
    collect() {
      this.set(accounts.processes());
    },
  });
  new Gauge({
    name: 'creance_sessions_open',
    help: 'Sessions that have begun and not ended, by agent.',
    labelNames: ['agent'],
    registers,
    collect() {
      const open = accounts.open();
      for (const agent of agents) this.set({ agent }, open.get(agent) ?? 0);
    },
  });
  new Counter({
    name: 'creance_process_evictions_total',
    help: 'Processes forgotten for want of room.',
    registers,
    collect() {
      this.reset();
      this.inc(accounts.processEvictions());
    },
  });
  new Counter({
    name: 'creance_sessions_total',
    help: 'Sessions that ended, by agent and reason; `limit` had to make room for others.',
    labelNames: ['agent', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const [agent, reasons] of accounts.ended)
        for (const [reason, count] of reasons) this.inc({ agent, reason }, count);
    },
  });
  new Counter({
    name: 'creance_events_unattributed_total',
    help: 'Events that belong to no session.',
    registers,
    collect() {
      this.reset();
      this.inc(accounts.unattributed);
    },
  });
};
