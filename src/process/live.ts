import { createHash } from 'node:crypto';
import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import type { Recognition, Session, Starter } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import type { ProcessConfig } from './config.ts';
import { unsafeFlagsIn } from './flags.ts';
import type { LiveSession, Proc } from './lineage.ts';
import { ciServerOf, compact, runIdOf, scopeOf, scopeOfPod, triggerOf } from './scope.ts';

/** What is known of a session when it begins. */
export interface Beginning {
  readonly spec: AgentSpec;
  readonly root: Proc;
  readonly key: number;
  readonly recognition: Recognition;
  readonly cmdline: string | undefined;
  /** The event is not the execution of the root. */
  readonly late: boolean;
  readonly startedBy: Starter;
  readonly parent?: LiveSession | undefined;
  /** The session's id as the agent's daemon tells it to its commands. */
  readonly served?: string;
}

/** The id is made of what identifies the root process, so that each replay gives the same. */
const sessionId = (agent: string, identity: readonly (string | number)[]): string =>
  `${agent}-${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12)}`;

const idOf = ({ spec, root, served }: Beginning, event: FalcoEvent, start: Nanos): string =>
  sessionId(spec.id, [
    event.hostname,
    root.pid,
    String(start),
    ...(root.sessions > 0 ? [root.sessions] : []),
    ...(served === undefined ? [] : [served]),
  ]);

/** Opens a session on the first event that shows it. */
export const openSession = (begin: Beginning, event: FalcoEvent, config: ProcessConfig): LiveSession => {
  const { spec, root, key, recognition, cmdline, late, startedBy, parent } = begin;
  const start = root.start ?? event.time;
  const fallback = compact(config.scope);
  const session: Session = {
    id: idOf(begin, event, start),
    agent: spec.id,
    node: event.hostname,
    pid: root.pid,
    start,
    scope: fallback,
    scopeSource: Object.keys(fallback).length > 0 ? 'config' : 'none',
    unsafeFlags: unsafeFlagsIn(spec.unsafeFlags, cmdline),
    lateStart: late,
    startedBy,
    recognition,
    ...(parent && { parent: parent.session.id }),
  };
  root.sessions++;
  return {
    spec,
    root,
    key,
    session,
    branches: 0,
    alive: 0,
    lastEvent: event.time,
    ended: false,
    ...(parent && { parent }),
  };
};

/** The execution of the root has come after all: what hangs on it is put right. */
export const correct = (live: LiveSession, event: FalcoEvent, recognition: Recognition, late: boolean): void => {
  const { session, root, spec } = live;
  const start = root.start ?? session.start;
  const repeated = root.sessions > 1 ? [root.sessions - 1] : [];
  live.session = {
    ...session,
    id: sessionId(spec.id, [event.hostname, root.pid, String(start), ...repeated]),
    start,
    unsafeFlags: unsafeFlagsIn(spec.unsafeFlags, event.process?.cmdline),
    lateStart: late,
    recognition: recognition.confidence > session.recognition.confidence ? recognition : session.recognition,
  };
};

/** Adds what an event of the session tells and was not known before. `own`: the agent process itself acted. */
export const enrich = (live: LiveSession, event: FalcoEvent, own: boolean, config: ProcessConfig): void => {
  const { session } = live;
  if (session.scopeSource !== 'environment' && event.process) learnScope(live, event, own, config);
  if (session.workspace === undefined && event.process?.cwd) {
    const { cwd, user } = event.process;
    const workspace = cwd.length > 1 ? cwd.replace(/\/+$/, '') : cwd;
    live.session = { ...live.session, workspace, ...(user && { user }) };
  }
  if (session.pod === undefined && event.origin?.pod) {
    const { pod, namespace } = event.origin;
    live.session = { ...live.session, pod, ...(namespace && { namespace }) };
  }
};

/**
 * The agent's own environment is believed. A process below it may carry what the model has put there, so that it counts
 * only while nothing better is known, and never against the configuration.
 */
const learnScope = (live: LiveSession, { process, origin }: FalcoEvent, own: boolean, config: ProcessConfig): void => {
  const { scopeSource } = live.session;
  const told = process && (own || scopeSource === 'none' || scopeSource === 'pod') ? scopeOf(process.env) : undefined;
  if (told && process) {
    const runId = runIdOf(process.env);
    const ciServer = ciServerOf(process.env);
    const trigger = triggerOf(process.env);
    const scope = { ...compact(config.scope), ...told };
    live.session = {
      ...live.session,
      scope,
      scopeSource: own ? 'environment' : 'descendant',
      ...(runId !== undefined && { runId }),
      ...(ciServer !== undefined && { ciServer }),
      ...(trigger && { trigger }),
    };
  } else if (scopeSource === 'none' && origin?.pod !== undefined) {
    const scope = scopeOfPod(origin);
    if (scope) live.session = { ...live.session, scope, scopeSource: 'pod' };
  }
};
