import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { parseGrpcAddress } from '../../../src/source/grpc/address.ts';
import { createExplainer } from '../../../src/source/grpc/failure.ts';

const explainer = (url: string) => {
  const address = parseGrpcAddress(url);
  if (!address) throw new Error(url);
  return createExplainer(address, { cert: 'our.crt', key: 'our.key', ca: 'ca.crt' });
};
const never = (cause: string) => ({
  code: status.UNAVAILABLE,
  details: `No connection established. Last error: ${cause} (2026-11-23T02:33:23.123Z). Resolution note: `,
});

describe('a socket', () => {
  const explain = explainer('unix:///run/falco.sock');
  test.each([
    [never('connect ENOENT /run/falco.sock'), 'socket-missing'],
    [never('Error: connect ECONNREFUSED /run/falco.sock'), 'socket-stale'],
    [never('connect EACCES /run/falco.sock'), 'socket-denied'],
    [never('connect EINVAL /run/falco.sock'), 'unreachable'],
    [{ code: status.OK, details: 'OK' }, 'falco-stopped'],
    [{ code: status.UNAVAILABLE, details: 'Connection dropped' }, 'connection-lost'],
    [{ code: status.UNAVAILABLE, details: 'read ECONNRESET' }, 'connection-lost'],
    [{ code: status.RESOURCE_EXHAUSTED, details: 'Received message larger than max' }, 'connection-lost'],
    [{ code: status.UNIMPLEMENTED, details: 'no such method' }, 'not-falco'],
  ])('%j', (failed, reason) => expect(explain(failed).reason).toBe(reason));
});

describe('a host', () => {
  const explain = explainer('https://falco.example');
  test.each([
    [never('connect ECONNREFUSED 192.0.2.1:5060'), 'port-closed'],
    [never('self-signed certificate'), 'tls-peer'],
    [never('unable to get local issuer certificate'), 'tls-peer'],
    [never('certificate is not yet valid'), 'tls-peer'],
    [
      never(
        '00E8:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../ssl/record.c:1:SSL alert number 48',
      ),
      'tls-peer',
    ],
    [never('00E8:error:0A00010B:SSL routines:ssl3_get_record:wrong version number'), 'tls-peer'],
    [never('read ECONNRESET'), 'tls-peer'],
    [never('connect EHOSTUNREACH 192.0.2.1:5060'), 'unreachable'],
    [{ code: status.UNAVAILABLE, details: 'Name resolution failed for target dns:falco.example:5060' }, 'unreachable'],
    [{ code: status.UNAVAILABLE, details: 'No connection established: no answer within 5 s' }, 'unreachable'],
    [{ code: status.UNAVAILABLE, details: 'read ECONNRESET' }, 'connection-lost'],
  ])('%j', (failed, reason) => expect(explain(failed).reason).toBe(reason));
});

test('the same trouble has the same words, whenever it comes', () => {
  const explain = explainer('https://falco.example');
  const at = (time: string) => explain({ ...never('x'), details: never(`odd failure (${time})`).details }).detail;
  expect(at('2026-01-01T00:00:00.000Z')).toBe(at('2026-02-02T00:00:00.000Z'));
});
