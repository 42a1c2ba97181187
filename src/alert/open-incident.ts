import { createHash } from 'node:crypto';
import type { Alert } from '../model/alert.ts';
import type { Nanos } from '../model/time.ts';
import { later } from './earlier.ts';
import { annotate, type Evidence } from './evidence.ts';
import { fingerprint, type Labels } from './labels.ts';
import { Places } from './places.ts';

/** Sessions told apart in one alert; more still share it, but the one longest quiet no longer counts. */
const MAX_HOLDERS = 1_000;

/** A firing alert and the sessions that hold it, the last to add a finding standing last. */
export interface Incident {
  readonly id: string;
  readonly key: string;
  readonly labels: Labels;
  readonly holders: Map<string, Evidence>;
  /** Sessions that held it in an earlier process and have not ended since, and what it was then. */
  readonly inherited: Set<string>;
  readonly past?: Alert;
  readonly places: Places;
  startsAt: Nanos;
}

/** One that begins now, or goes on from what an earlier process left. */
export const newIncident = (labels: Labels, startsAt: Nanos, past?: Alert): Incident => {
  const key = fingerprint(labels);
  return {
    id: past?.incident?.id ?? idOf(key, startsAt),
    key,
    labels,
    holders: new Map(),
    inherited: new Set(past?.sessions),
    ...(past && { past }),
    places: new Places(past?.incident),
    startsAt,
  };
};

const idOf = (key: string, startsAt: Nanos): string =>
  createHash('sha256').update(`${key} ${startsAt}`).digest('hex').slice(0, 12);

/** The session holds the incident from now on, as the last to add to it. */
export const hold = ({ holders, inherited }: Incident, session: string, evidence: Evidence): void => {
  inherited.delete(session);
  holders.delete(session);
  holders.set(session, evidence);
  const [quietest] = holders.keys();
  if (holders.size > MAX_HOLDERS && quietest !== undefined) holders.delete(quietest);
};

export const holds = ({ holders, inherited }: Incident, session: string): boolean =>
  holders.has(session) || inherited.has(session);

/** The alert as it stands, firing or resolved. */
export const toAlert = (
  { id, labels, holders, inherited, past, places, startsAt }: Incident,
  resolvedAt?: Nanos,
): Alert => {
  const held = [...holders.values()];
  const last = held.at(-1);
  const facts = {
    incident: id,
    accusations: places.list().places.reduce((sum, { names }) => sum + names.length, 0),
    labels,
    sessions: inherited.size + held.length,
    ...(past && { past: past.annotations }),
  };
  const generatorURL = last ? last.runUrl : past?.generatorURL;
  return {
    type: 'alert',
    labels,
    annotations: last ? annotate([...held.slice(0, -1), last], facts) : (past?.annotations ?? {}),
    startsAt,
    sessions: [...inherited, ...holders.keys()].slice(-MAX_HOLDERS),
    ...(resolvedAt !== undefined && { endsAt: later(resolvedAt, startsAt) }),
    ...(generatorURL !== undefined && { generatorURL }),
    incident: { id, ...places.list() },
  };
};
