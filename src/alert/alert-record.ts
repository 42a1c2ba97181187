import { z } from 'zod';
import type { Alert } from '../model/alert.ts';

const nanos = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .transform(BigInt);
const texts = z.record(z.string(), z.string());
const scope = z.strictObject({
  repository: z.string().exactOptional(),
  workflow: z.string().exactOptional(),
  job: z.string().exactOptional(),
});

/** A state of an alert as it is kept. Moments are strings: they are larger than JSON's numbers. */
export const alertRecord = z
  .strictObject({
    labels: texts,
    annotations: texts,
    startsAt: nanos,
    endsAt: nanos.exactOptional(),
    generatorURL: z.string().exactOptional(),
    sessions: z.array(z.string()).exactOptional(),
    incident: z
      .strictObject({
        id: z.string().regex(/^[0-9a-f]{12}$/),
        places: z.array(z.strictObject({ scope, agent: z.string(), names: z.array(z.string()) })),
        partial: z.literal(true).exactOptional(),
      })
      .exactOptional(),
  })
  .transform((record): Alert => ({ type: 'alert', ...record }));

/** What `alertRecord` reads. */
export const toRecord = ({ type: _, startsAt, endsAt, ...rest }: Alert): object => ({
  ...rest,
  startsAt: String(startsAt),
  ...(endsAt !== undefined && { endsAt: String(endsAt) }),
});
