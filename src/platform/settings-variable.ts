import type { Description } from './settings-key.ts';
import { nearest } from './settings-nearest.ts';
import type { Problem } from './settings-problem.ts';

/**
 * What Kubernetes sets in every pod for each Service of the namespace, among them one whose name begins like ours. It
 * configures nothing, and refusing it would stop a pod for its neighbour's sake. A bare `…_PORT` holds an address there,
 * never a number, so that a person's guess at a key is still refused.
 */
const SERVICE_LINK =
  /^([A-Z0-9_]+_)?(SERVICE_HOST=|SERVICE_PORT(_\w+)?=|PORT=(tcp|udp|sctp):|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=)/;

/** The variables that begin like ours and mean nothing. */
export const unknownVariables = (
  { keys, prefix }: Description,
  env: Readonly<Record<string, string | undefined>>,
): readonly Problem[] => {
  const known = keys.map((key) => key.env);
  return Object.entries(env).flatMap(([name, value]) => {
    if (!name.startsWith(`${prefix}_`) || value === undefined || known.includes(name)) return [];
    if (SERVICE_LINK.test(`${name.slice(prefix.length + 1)}=${value}`)) return [];
    const near = nearest(name, known);
    const hint = near ? `did you mean ${near}?` : 'unset it';
    return [{ origin: { kind: 'env', name }, text: `is not a known variable; ${hint}` }];
  });
};
