import type { Place } from '../model/acceptance.ts';
import type { Alert } from '../model/alert.ts';
import type { Session } from '../model/session.ts';
import { ms, type Nanos } from '../model/time.ts';
import { type Finding, SEVERITIES, type Severity, severityAtLeast, type Verdict } from '../model/verdict.ts';
import type { Machine } from '../stream/machine.ts';
import { earlier } from './earlier.ts';
import { withFinding } from './evidence.ts';
import { Families, familyOf } from './family.ts';
import { fingerprint, type Labels, labelsOf } from './labels.ts';
import { hold, holds, type Incident, newIncident, toAlert } from './open-incident.ts';
import type { CiServers } from './run-url.ts';
import { Trail } from './trail.ts';

export interface IncidentOptions {
  readonly minSeverity: Severity;
  readonly externalLabels: Labels;
  readonly ciServers: CiServers;
  /** Alerts that fire at once. Past it the oldest is resolved early. */
  readonly maxFiring: number;
  /** What an earlier process left firing. */
  readonly restored?: readonly Alert[];
  /** How long that goes on when none of its sessions is seen again. In milliseconds. */
  readonly orphanMs: number;
  /** Places with the same finding at once, past which further ones share one alert. */
  readonly spreadAfter: number;
  /** Whether a person has accepted all of it by now; such an alert resolves. */
  readonly isAccepted?: (place: Place, at: Nanos) => boolean;
  /** Told of each alert that was resolved early. */
  readonly onEvicted?: () => void;
}

interface State {
  readonly incidents: Map<string, Incident>;
  readonly trail: Trail;
  readonly families: Families;
  /** Sessions that an earlier process left: those that have not been seen yet, and until when they may come. */
  readonly awaited: Set<string>;
  awaitedUntil?: Nanos;
}

/**
 * From verdicts to alerts. An alert is its label set: all sessions of a scope that show the same finding hold one alert
 * together, and it resolves when the last of them has ended. Severity is a label, so a session whose finding grows worse
 * lets go of the lower alert and takes its evidence to the higher one. What comes up in many places at once shares one
 * alert from `spreadAfter` on.
 */
export const incidents = (options: IncidentOptions): Machine<State, Verdict, Alert> => ({
  initial: () => restore(options.restored ?? [], options.spreadAfter),

  onEvent(state, verdict) {
    state.awaited.delete(verdict.session.id);
    if (verdict.action) state.trail.add(verdict.action);
    const released: Alert[] = [];
    const changed = new Set<Incident>();
    // The most severe first, or the lower would open an alert only to be let go of at once.
    for (const finding of bySeverity(verdict.raised)) {
      if (!severityAtLeast(finding.severity, options.minSeverity)) continue;
      const { incident, left } = raise(state, verdict.session, finding, options);
      changed.add(incident);
      if (left) released.push(left);
    }
    released.push(...evict(state, options, verdict.time));
    const firing = [...changed]
      .filter((incident) => state.incidents.has(incident.key))
      .map((incident) => toAlert(incident));
    return [...released, ...firing, ...(verdict.ended ? end(state, verdict) : [])];
  },

  onTick: (state, watermark) => [
    ...orphans(state, watermark, ms(options.orphanMs)),
    ...accepted(state, watermark, options.isAccepted),
  ],
  // Sessions that are still open say nothing of how they will end: their alerts run out at the receiver by themselves.
  onEnd: () => [],
});

interface Raised {
  readonly incident: Incident;
  /** The lower alert that the session has let go of. */
  readonly left?: Alert;
}

const raise = (
  state: State,
  session: Session,
  finding: Finding,
  { externalLabels, ciServers }: IncidentOptions,
): Raised => {
  const labels = labelsOf(finding, session, externalLabels);
  const held = heldBy(state, session.id, labels) ?? heldBy(state, session.id, familyOf(labels));
  const isOpen = (key: string): boolean => state.incidents.has(key);
  const steps = state.trail.of(session.id, finding.actions);
  const evidence = withFinding(held?.holders.get(session.id), session, finding, steps, ciServers);
  const worse = held !== undefined && !severityAtLeast(held.labels.severity as Severity, finding.severity);
  const incident = held && !worse ? held : open(state, state.families.labelsFor(labels, isOpen), finding.at);
  incident.startsAt = earlier(incident.startsAt, finding.at);
  // What it accused at a lower severity, it accuses still.
  if (worse) incident.places.add(session, held.places.namesIn(session));
  incident.places.add(session, finding.teaches);
  hold(incident, session.id, evidence);
  return { incident, ...(held && worse && { left: release(state, held, session.id, finding.at) }) };
};

/** The alert that the session already holds for this finding, at whatever severity. */
const heldBy = (state: State, session: string, labels: Labels): Incident | undefined =>
  SEVERITIES.map((severity) => state.incidents.get(fingerprint({ ...labels, severity }))).find(
    (incident) => incident && holds(incident, session),
  );

const open = (state: State, labels: Labels, startsAt: Nanos): Incident => {
  const key = fingerprint(labels);
  const known = state.incidents.get(key);
  if (known) return known;
  state.families.opened(labels);
  const incident = newIncident(labels, startsAt);
  state.incidents.set(key, incident);
  return incident;
};

/** One session lets go: the alert stays with the others, or resolves with its last words. */
const release = (state: State, incident: Incident, session: string, at: Nanos): Alert => {
  if (incident.holders.size + incident.inherited.size === 1) {
    close(state, incident);
    return toAlert(incident, at);
  }
  incident.holders.delete(session);
  incident.inherited.delete(session);
  return toAlert(incident);
};

const end = (state: State, { session, time }: Verdict): readonly Alert[] => {
  state.trail.forget(session.id);
  return [...state.incidents.values()]
    .filter((incident) => holds(incident, session.id))
    .map((incident) => release(state, incident, session.id, time));
};

const close = (state: State, { key, labels }: Incident): void => {
  state.incidents.delete(key);
  state.families.closed(labels);
};

/** What fired when an earlier process ended. Its sessions may still live; the alert is as it was until one of them shows more. */
const restore = (alerts: readonly Alert[], spreadAfter: number): State => {
  const families = new Families(spreadAfter);
  const incidents = alerts.map((past): [string, Incident] => {
    families.opened(past.labels);
    const incident = newIncident(past.labels, past.startsAt, past);
    return [incident.key, incident];
  });
  const awaited = new Set(incidents.flatMap(([, { inherited }]) => [...inherited]));
  return { incidents: new Map(incidents), trail: new Trail(), families, awaited };
};

/** Once it is time, lets go for every session that did not come back: it ended while nobody looked. */
const orphans = (state: State, watermark: Nanos, patience: Nanos): readonly Alert[] => {
  state.awaitedUntil ??= watermark + patience;
  if (watermark < state.awaitedUntil) return [];
  const resolved: Alert[] = [];
  for (const incident of state.incidents.values()) {
    for (const session of state.awaited) incident.inherited.delete(session);
    if (incident.holders.size + incident.inherited.size > 0) continue;
    close(state, incident);
    resolved.push(toAlert(incident, watermark));
  }
  state.awaited.clear();
  return resolved;
};

/** Resolves what a person has accepted. Its sessions go on, and what they show next is judged by itself. */
const accepted = (
  state: State,
  watermark: Nanos,
  isAccepted: IncidentOptions['isAccepted'] = () => false,
): readonly Alert[] =>
  [...state.incidents.values()]
    .filter(({ places }) => places.isCovered((place) => isAccepted(place, watermark)))
    .map((incident) => {
      close(state, incident);
      return toAlert(incident, watermark);
    });

const evict = (state: State, { maxFiring, onEvicted }: IncidentOptions, at: Nanos): readonly Alert[] => {
  if (state.incidents.size <= maxFiring) return [];
  const excess = [...state.incidents.values()].slice(0, state.incidents.size - maxFiring);
  return excess.map((incident) => {
    close(state, incident);
    onEvicted?.();
    return toAlert(incident, at);
  });
};

const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
