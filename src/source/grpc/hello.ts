import { type Client, connectivityState, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import type { Clock } from '../../platform/clock.ts';
import { type FalcoVersion, versionMethod } from './falco-api.ts';

/** Connected; what Falco says of itself, or why it does not. */
export interface Greeting {
  readonly version?: FalcoVersion;
  readonly silence?: string;
}

/** How long Falco may take for its first answer, which includes connecting. */
const ANSWER_MS = 5_000;

/**
 * Connects, by asking Falco for its version: the stream of events can't tell whether a connection stands, because an empty
 * queue gives no answer at all. A Falco that stands but can't say its version is greeted all the same. Never rejects.
 */
export const greet = (client: Client, clock: Clock, signal: AbortSignal): Promise<Greeting | StatusObject> =>
  new Promise((resolve) => {
    const answer = (error: ServiceError | null, version?: FalcoVersion) => {
      cancelTimer();
      signal.removeEventListener('abort', hangUp);
      if (!error) return resolve(version ? { version } : {});
      const standing = client.getChannel().getConnectivityState(false) === connectivityState.READY;
      const timedOut = error.code === status.CANCELLED;
      if (error.code === status.UNAVAILABLE || !standing) {
        return resolve(timedOut ? { ...error, code: status.UNAVAILABLE, details: NO_ANSWER } : error);
      }
      return resolve({ silence: timedOut ? NO_ANSWER : `${status[error.code]} ${error.details}` });
    };
    const { path, requestSerialize, responseDeserialize } = versionMethod;
    const hangUp = () => call.cancel();
    const cancelTimer = clock.after(ANSWER_MS, hangUp);
    const call = client.makeUnaryRequest<object, FalcoVersion>(path, requestSerialize, responseDeserialize, {}, answer);
    signal.addEventListener('abort', hangUp, { once: true });
  });

const NO_ANSWER = `No connection established: no answer within ${ANSWER_MS / 1000} s`;
