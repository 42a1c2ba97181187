import { type Check, checksOf } from '../../model/check.ts';
import type { Registry } from '../../platform/metrics.ts';
import { createSourceMetrics } from '../metrics.ts';
import { transportOf } from '../transport.ts';
import { type FalcoRelease, lacksGrpc, parseRelease } from './release.ts';

const { ok, warning, problem } = checksOf('source');

/** What became of a source while it was looked at. */
export interface Connection {
  /** Every change of its readiness, in order. */
  readonly health: readonly { readonly ready: boolean; readonly detail: string }[];
  /** Why it failed for good, when it did. */
  readonly failure?: string | undefined;
}

/** Says whether events can come. */
export const checkConnection = (url: string, { health, failure }: Connection): Check => {
  const fix = `see that source.url is right and that this user may use it: ${shown(url)}`;
  if (failure !== undefined) return problem('connection', failure, fix);
  const ready = health.findLast((state) => state.ready);
  if (ready) return ok('connection', ready.detail);
  return problem('connection', health.at(-1)?.detail ?? 'no connection came about in time', fix);
};

/** The release of Falco that a source was connected to, where it told. */
export const connectedRelease = async (registry: Registry): Promise<FalcoRelease | undefined> => {
  const { values } = await createSourceMetrics(registry).falco.get();
  return parseRelease(String(values[0]?.labels.version ?? ''));
};

/** A receiver's path may be a secret. */
const shown = (url: string): string => (transportOf(url) === 'http' && URL.canParse(url) ? new URL(url).origin : url);

/** What the release means for us. */
export const checkRelease = (release: FalcoRelease | undefined): readonly Check[] => {
  if (!release) return [];
  return [
    lacksGrpc(release)
      ? ok('Falco', `${release.text}; events come by HTTP or from a file`)
      : release.minor < 43
        ? warning('Falco', `${release.text} is older than what creance is tested with`, 'use Falco 0.43 or later')
        : ok('Falco', `${release.text}, the last with a gRPC output: before 0.44, move to http_output`),
  ];
};
