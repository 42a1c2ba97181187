import { z } from 'zod';

/** Headers that every request has of its own, or that would break it. */
const TAKEN =
  /^(authorization|connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/)
  .refine((name) => !TAKEN.test(name), { error: 'is set by creance; credentials belong in a file' });

/** How to reach one receiver over HTTP. Every file is read again when it changes. */
export const httpConfig = z
  .strictObject({
    tls: z
      .strictObject({
        ca: z
          .string()
          .optional()
          .describe(
            'The authorities that may have signed the receiver’s certificate, a PEM file; by default those of Node.js.',
          ),
        cert: z.string().optional().describe('Our certificate for mutual TLS, a PEM file.'),
        key: z.string().optional().describe('The key of our certificate, a PEM file.'),
      })
      .prefault({})
      .describe('TLS, where the URL begins with `https:`.'),
    basicAuth: z
      .strictObject({
        user: z.string().default('').describe('Name to give.'),
        passwordFile: z.string().optional().describe('File that holds the password.'),
      })
      .prefault({})
      .describe('HTTP basic authentication. A name and password in the URL take precedence.'),
    bearerTokenFile: z.string().optional().describe('File that holds a token for `Authorization: Bearer`.'),
    headers: z
      .record(headerName, z.string().regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII'))
      .default({})
      .meta({ writeOnly: true, description: 'Further headers of every request.' }),
    proxyFromEnvironment: z
      .boolean()
      .default(false)
      .describe('Go through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.'),
  })
  .refine(({ basicAuth, bearerTokenFile }) => basicAuth.passwordFile === undefined || bearerTokenFile === undefined, {
    error: 'basicAuth and bearerTokenFile exclude each other',
  })
  .prefault({});
export type HttpConfig = z.infer<typeof httpConfig>;
