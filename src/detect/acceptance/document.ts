import { z } from 'zod';
import type { Acceptance } from '../../model/acceptance.ts';

const nanos = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);

const acceptance = z.strictObject({
  version: z.literal(1),
  incident: z.string(),
  at: nanos,
  by: z.string(),
  expires: nanos.exactOptional(),
  reason: z.string().exactOptional(),
  summary: z.string(),
  places: z.array(
    z.strictObject({
      scope: z.strictObject({
        repository: z.string().exactOptional(),
        workflow: z.string().exactOptional(),
        job: z.string().exactOptional(),
      }),
      agent: z.string(),
      names: z.array(z.string()),
    }),
  ),
});

/** What stands in the store; `readAcceptance` reads it back. Moments are strings: they are larger than JSON's numbers. */
export const toDocument = ({ at, expires, ...rest }: Acceptance): object => ({
  version: 1,
  ...rest,
  at: String(at),
  ...(expires !== undefined && { expires: String(expires) }),
});

/** Undefined for what is no acceptance that this version understands: then it accepts nothing. */
export const readAcceptance = (document: unknown): Acceptance | undefined => {
  const { success, data } = acceptance.safeParse(document);
  if (!success) return undefined;
  const { version: _, ...rest } = data;
  return rest;
};
