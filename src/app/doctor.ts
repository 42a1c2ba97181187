import { lastValueFrom, tap } from 'rxjs';
import { checkAlertmanagers } from '../alert/doctor.ts';
import type { Config } from '../config.ts';
import { createSightings } from '../decode/doctor.ts';
import { checkStore } from '../detect/baseline/doctor.ts';
import type { Check } from '../model/check.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { createRegistry } from '../platform/metrics.ts';
import { checkConnection, checkRelease, connectedRelease } from '../source/doctor/connection.ts';
import { checkFalcoConfig } from '../source/doctor/falco-config.ts';
import { parseRelease } from '../source/doctor/release.ts';
import { liveSource } from '../source/live.ts';
import { transportOf } from '../source/transport.ts';
import type { AppDeps } from './knowledge.ts';

export interface DoctorOptions {
  /** A falco.yaml and its name. */
  readonly falcoConfig?: { readonly name: string; readonly text: string };
  /** The Falco that will read it, where that is not the one at the source. */
  readonly falcoVersion?: string;
  /** How long to wait for events. In milliseconds. */
  readonly waitMs: number;
}

/** How long a source may take to come about before it counts as not there. */
const CONNECT_MS = 7_000;

/** Events of a file that are looked at, unless every kind has been seen before. */
const MAX_LOOKED_AT = 100_000;

/** Looks at everything that must work for this to work, changes nothing, and says what it found. */
export const doctor = async (
  { config, log, signal, clock = systemClock }: AppDeps,
  { falcoConfig, falcoVersion, waitMs }: DoctorOptions,
): Promise<readonly Check[]> => {
  const { source, store, alert: alertConfig } = config;
  // What is worth telling becomes a check.
  const quiet = log.isLevelEnabled('debug') ? log : log.child({}, { level: 'silent' });
  const seen = await lookAtSource(source, waitMs, { config, log: quiet, signal, clock });
  const release = parseRelease(falcoVersion ?? '') ?? seen.release;
  const endless = transportOf(source.url) !== 'file' || source.url === '-';
  return [
    ...(falcoConfig ? checkFalcoConfig(falcoConfig.name, falcoConfig.text, source, release) : []),
    seen.connection,
    ...checkRelease(seen.release ?? release),
    ...(seen.connection.status === 'ok' ? seen.sightings.checks(endless ? waitMs / 1_000 : undefined) : []),
    ...(await checkStore(store, quiet)),
    ...(await checkAlertmanagers(alertConfig, clock)),
  ];
};

/** Takes events from the source until it is done, every kind has come, or `waitMs` have passed since it was ready. */
const lookAtSource = async (config: Config['source'], waitMs: number, deps: AppDeps & { readonly clock: Clock }) => {
  const { log, signal, clock } = deps;
  const registry = createRegistry();
  const enough = new AbortController();
  const sightings = createSightings();
  const health: { ready: boolean; detail: string }[] = [];
  const fromFile = transportOf(config.url) === 'file';
  let cancelTimer = clock.after(CONNECT_MS, () => enough.abort());
  const note = (ready: boolean, detail: string) => {
    if (ready && !health.some((state) => state.ready)) {
      cancelTimer();
      cancelTimer = clock.after(fromFile ? Math.max(waitMs, CONNECT_MS) : waitMs, () => enough.abort());
    }
    health.push({ ready, detail });
  };
  let looked = 0;
  const records = liveSource(
    { ...config, file: { ...config.file, follow: false } },
    { log, clock, registry, stop: AbortSignal.any([enough.signal, signal]), health: note },
  ).pipe(
    tap((record) => {
      sightings.see(record);
      looked += 1;
      if (sightings.complete || (fromFile && looked >= MAX_LOOKED_AT)) enough.abort();
    }),
  );
  const failure = await lastValueFrom(records, { defaultValue: undefined }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  cancelTimer();
  const connection = checkConnection(config.url, { health, failure });
  return { sightings, connection, release: await connectedRelease(registry) };
};
