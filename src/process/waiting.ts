import { ms, type Nanos } from '../model/time.ts';
import type { Traced } from '../model/traced.ts';
import type { LiveSession, Waiting } from './lineage.ts';

/** What is held back of one session at most; beyond it the session begins as it is known. */
const MAX_HELD = 1_024;

/** A session below one that waits does so for as long: it names its parent. */
export const beginWaiting = (since: Nanos, allowedLatenessMs: number, parent?: Waiting): Waiting => {
  const until = since + ms(allowedLatenessMs);
  return { since, until: parent && parent.until > until ? parent.until : until, held: [] };
};

/** Passes on what a session gives out, unless it waits. */
export const emit = (live: LiveSession, output: Traced, outputs: Traced[]): void => {
  const { waiting } = live;
  if (!waiting) outputs.push(output);
  else {
    waiting.held.push(output);
    if (waiting.held.length >= MAX_HELD) endWaiting(live, outputs);
  }
};

/** The session begins as it is known by now. */
export const endWaiting = (live: LiveSession, outputs: Traced[]): void => {
  const { waiting, parent } = live;
  if (!waiting) return;
  if (parent) {
    endWaiting(parent, outputs);
    live.session = { ...live.session, parent: parent.session.id };
  }
  delete live.waiting;
  const { session } = live;
  outputs.push({ type: 'session-start', session, time: session.start });
  for (const output of waiting.held) outputs.push({ ...output, session });
};
