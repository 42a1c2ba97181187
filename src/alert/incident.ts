import type { Alert } from '../model/alert.ts';
import type { Session } from '../model/session.ts';
import type { Nanos } from '../model/time.ts';
import { type Finding, SEVERITIES, type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import type { Machine } from '../stream/machine.ts';
import { earlier, later } from './earlier.ts';
import { annotate, type Evidence, withFinding } from './evidence.ts';
import { fingerprint, type Labels, labelsOf } from './labels.ts';
import { runUrl } from './run-url.ts';
import { Trail } from './trail.ts';

export interface IncidentOptions {
  readonly minSeverity: Severity;
  readonly externalLabels: Labels;
  /** Alerts that fire at once. Past it the oldest is resolved early. */
  readonly maxFiring: number;
  /** Told of each alert that was resolved early. */
  readonly onEvicted?: () => void;
}

/** A firing alert and the sessions that hold it, the last to add a finding standing last. */
interface Incident {
  readonly key: string;
  readonly labels: Labels;
  readonly holders: Map<string, Evidence>;
  startsAt: Nanos;
}

interface State {
  readonly incidents: Map<string, Incident>;
  readonly trail: Trail;
}

/** Sessions told apart in one alert; more still share it, but the one longest quiet no longer counts. */
const MAX_HOLDERS = 1_000;

/**
 * From verdicts to alerts. An alert is its label set: all sessions of a scope that show the same finding hold one alert
 * together, and it resolves when the last of them has ended. Severity is a label, so a session whose finding grows worse
 * lets go of the lower alert and takes its evidence to the higher one.
 */
export const incidents = (options: IncidentOptions): Machine<State, Verdict, Alert> => ({
  initial: () => ({ incidents: new Map(), trail: new Trail() }),

  onEvent(state, verdict) {
    if (verdict.action) state.trail.add(verdict.action);
    const released: Alert[] = [];
    const changed = new Set<Incident>();
    // The most severe first, or the lower would open an alert only to be let go of at once.
    for (const finding of bySeverity(verdict.raised)) {
      if (!severityAtLeast(finding.severity, options.minSeverity)) continue;
      const { incident, left } = raise(state, verdict.session, finding, options.externalLabels);
      changed.add(incident);
      if (left) released.push(left);
    }
    released.push(...evict(state, options, verdict.time));
    const firing = [...changed]
      .filter((incident) => state.incidents.has(incident.key))
      .map((incident) => toAlert(incident));
    return [...released, ...firing, ...(verdict.ended ? end(state, verdict) : [])];
  },

  onTick: () => [],
  // Sessions that are still open say nothing of how they will end: their alerts run out at the receiver by themselves.
  onEnd: () => [],
});

interface Raised {
  readonly incident: Incident;
  /** The lower alert that the session has let go of. */
  readonly left?: Alert;
}

const raise = (state: State, session: Session, finding: Finding, externalLabels: Labels): Raised => {
  const labels = labelsOf(finding, session, externalLabels);
  const held = heldBy(state, session.id, labels);
  const steps = state.trail.of(session.id, finding.actions);
  const evidence = withFinding(held?.holders.get(session.id), session, finding, steps);
  const worse = held !== undefined && !severityAtLeast(held.labels.severity as Severity, finding.severity);
  const incident = held && !worse ? held : open(state, labels, finding.at);
  incident.startsAt = earlier(incident.startsAt, finding.at);
  incident.holders.delete(session.id);
  incident.holders.set(session.id, evidence);
  const [quietest] = incident.holders.keys();
  if (incident.holders.size > MAX_HOLDERS && quietest !== undefined) incident.holders.delete(quietest);
  return { incident, ...(held && worse && { left: release(state, held, session.id, finding.at) }) };
};

/** The alert that the session already holds for this finding, at whatever severity. */
const heldBy = (state: State, session: string, labels: Labels): Incident | undefined =>
  SEVERITIES.map((severity) => state.incidents.get(fingerprint({ ...labels, severity }))).find((incident) =>
    incident?.holders.has(session),
  );

const open = (state: State, labels: Labels, startsAt: Nanos): Incident => {
  const key = fingerprint(labels);
  const incident = state.incidents.get(key) ?? { key, labels, holders: new Map(), startsAt };
  state.incidents.set(key, incident);
  return incident;
};

/** One session lets go: the alert stays with the others, or resolves with its last words. */
const release = (state: State, incident: Incident, session: string, at: Nanos): Alert => {
  if (incident.holders.size === 1) {
    state.incidents.delete(incident.key);
    return toAlert(incident, at);
  }
  incident.holders.delete(session);
  return toAlert(incident);
};

const end = (state: State, { session, time }: Verdict): readonly Alert[] => {
  state.trail.forget(session.id);
  return [...state.incidents.values()]
    .filter(({ holders }) => holders.has(session.id))
    .map((incident) => release(state, incident, session.id, time));
};

const evict = (state: State, { maxFiring, onEvicted }: IncidentOptions, at: Nanos): readonly Alert[] => {
  if (state.incidents.size <= maxFiring) return [];
  const excess = [...state.incidents.values()].slice(0, state.incidents.size - maxFiring);
  return excess.map((incident) => {
    state.incidents.delete(incident.key);
    onEvicted?.();
    return toAlert(incident, at);
  });
};

const toAlert = ({ labels, holders, startsAt }: Incident, resolvedAt?: Nanos): Alert => {
  const held = [...holders.values()] as [...Evidence[], Evidence];
  const generatorURL = runUrl((held.at(-1) as Evidence).session);
  return {
    type: 'alert',
    labels,
    annotations: annotate(held),
    startsAt,
    ...(resolvedAt !== undefined && { endsAt: later(resolvedAt, startsAt) }),
    ...(generatorURL !== undefined && { generatorURL }),
  };
};

const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
