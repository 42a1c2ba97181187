import { createHash } from 'node:crypto';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import type { ProcessConfig } from './config.ts';
import type { LiveSession, Proc } from './lineage.ts';
import { runIdOf, scopeOf } from './scope.ts';

/** The id is made of what identifies the root process, so that each replay gives the same. */
const sessionId = (agent: string, node: string, pid: number, start: Nanos): string => {
  const hash = createHash('sha256').update(JSON.stringify([node, pid, String(start)]));
  return `${agent}-${hash.digest('hex').slice(0, 12)}`;
};

/** Opens a session on the first event of its root process, or of one of its descendants when we came late. */
export const openSession = (
  spec: AgentSpec,
  root: Proc,
  event: FalcoEvent,
  cmdline: string | undefined,
  late: boolean,
  config: ProcessConfig,
  parent?: LiveSession,
): LiveSession => {
  const start = root.start ?? event.time;
  const { repository, workflow, job } = config.scope;
  const fallback = repository !== undefined || job !== undefined;
  const session: Session = {
    id: sessionId(spec.id, event.hostname, root.pid, start),
    agent: spec.id,
    node: event.hostname,
    pid: root.pid,
    start,
    scope: fallback ? { ...(repository && { repository }), ...(workflow && { workflow }), ...(job && { job }) } : {},
    scopeSource: fallback ? 'config' : 'none',
    unsafeFlags: spec.unsafeFlags.filter((flag) => ` ${cmdline ?? ''} `.includes(` ${flag} `)),
    lateStart: late,
    ...(parent && { parent: parent.session.id }),
  };
  const live: LiveSession = { spec, root, session, branches: 0, alive: 0, lastEvent: event.time };
  enrich(live, event);
  return live;
};

/** Adds what an event of the session tells and was not known before. */
export const enrich = (live: LiveSession, event: FalcoEvent): void => {
  const { session } = live;
  const { process, origin } = event;
  if (session.scopeSource !== 'environment' && process) {
    const scope = scopeOf(process.env);
    const runId = runIdOf(process.env);
    if (scope) live.session = { ...live.session, scope, scopeSource: 'environment', ...(runId && { runId }) };
  }
  if (session.workspace === undefined && process?.cwd) {
    const workspace = process.cwd.length > 1 ? process.cwd.replace(/\/+$/, '') : process.cwd;
    live.session = { ...live.session, workspace, ...(process.user && { user: process.user }) };
  }
  if (session.pod === undefined && origin?.pod) {
    live.session = {
      ...live.session,
      pod: origin.pod,
      ...(origin.namespace && { namespace: origin.namespace }),
    };
  }
};
