import type { Gap } from '../model/flow.ts';
import { ms, type Nanos } from '../model/time.ts';
import type { SessionEnd, Traced } from '../model/traced.ts';
import type { LiveSession } from './lineage.ts';
import type { EndReason } from './metrics.ts';
import type { TracerState } from './state.ts';
import { emit, endWaiting } from './waiting.ts';

/** How long after the root's exit its threads' and children's last events may still come in, at least. */
const LINGER: Nanos = 1_000_000_000n;

/** Ends the sessions that are over at `watermark`, and begins those whose wait for an earlier event is. */
export const endQuiet = (state: TracerState, watermark: Nanos, outputs: Traced[]): void => {
  for (const live of state.sessions.values()) {
    if (live.waiting && watermark >= live.waiting.until) endWaiting(live, outputs);
    const { root, lastEvent } = live;
    const exited = root.exitedAt !== undefined;
    const patience = exited ? patienceAfterExit(live, state) : ms(state.config.silenceMs);
    if (watermark - lastEvent >= patience) end(state, live, exited ? 'exit' : 'silence', outputs);
  }
};

/** The stream is over, and with it every session. */
export const endAll = (state: TracerState, outputs: Traced[]): void => {
  for (const live of state.sessions.values())
    end(state, live, live.root.exitedAt === undefined ? 'stream-end' : 'exit', outputs);
};

/** Over the limit of open sessions: the longest silent one makes room. */
export const endSilent = (state: TracerState, outputs: Traced[]): void => {
  let victim: LiveSession | undefined;
  for (const live of state.sessions.values()) if (!victim || live.lastEvent < victim.lastEvent) victim = live;
  if (victim) end(state, victim, 'limit', outputs);
};

/** Tells the sessions that were alive while events were lost. */
export const tellGap = (state: TracerState, gap: Gap, outputs: Traced[]): void => {
  for (const live of state.sessions.values()) {
    const over = live.root.exitedAt !== undefined && live.alive <= 0 && latest(live) < gap.from;
    const elsewhere = gap.node !== undefined && gap.node !== live.session.node;
    if (gap.to >= live.session.start && !over && !elsewhere)
      emit(live, { type: 'session-gap', session: live.session, gap }, outputs);
  }
};

const end = (state: TracerState, live: LiveSession, reason: EndReason, outputs: Traced[]): void => {
  endWaiting(live, outputs);
  live.ended = true;
  state.sessions.delete(live.key);
  state.accounts.end(live.spec.id, reason);
  // To those behind, a session that had to make room is one whose end was not seen.
  const told: SessionEnd['reason'] = reason === 'limit' ? 'silence' : reason;
  outputs.push({ type: 'session-end', session: live.session, time: latest(live), reason: told });
};

/** Events may be late by what is allowed; children that are alive may still do something. */
const patienceAfterExit = (live: LiveSession, { config }: TracerState): Nanos => {
  const late = ms(config.allowedLatenessMs);
  const linger = late > LINGER ? late : LINGER;
  const orphans = ms(config.orphanMs);
  return live.alive > 0 && orphans > linger ? orphans : linger;
};

const latest = ({ root, lastEvent }: LiveSession): Nanos =>
  root.exitedAt !== undefined && root.exitedAt > lastEvent ? root.exitedAt : lastEvent;
