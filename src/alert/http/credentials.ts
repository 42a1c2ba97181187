import { readFileSync } from 'node:fs';
import type { HttpConfig } from './config.ts';

/** The value of the `authorization` header, or why there is none; neither where no credentials are configured. */
export interface Authorization {
  readonly value?: string;
  /** Names the setting and the file, never what stands in it. */
  readonly problem?: string;
}

/** What a header may hold; anything else in a password or token file is a mistake. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Reads the configured credentials anew, so that a rotated file is used from the next request. Never throws. */
export const readAuthorization = (section: string, { basicAuth, bearerTokenFile }: HttpConfig): Authorization => {
  if (bearerTokenFile !== undefined) {
    const token = readSecret(`${section}.bearerTokenFile`, bearerTokenFile);
    if ('problem' in token) return token;
    return TOKEN.test(token.text)
      ? { value: `Bearer ${token.text}` }
      : { problem: `${section}.bearerTokenFile: ${bearerTokenFile} holds no token: it must be one line of ASCII` };
  }
  if (basicAuth.passwordFile === undefined) return {};
  const password = readSecret(`${section}.basicAuth.passwordFile`, basicAuth.passwordFile);
  return 'problem' in password ? password : { value: basic(basicAuth.user, password.text) };
};

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const readSecret = (setting: string, path: string): { readonly text: string } | { readonly problem: string } => {
  try {
    // Editors and `kubectl create secret` leave a line end that is no part of the secret.
    return { text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return {
      problem: `${setting}: ${path} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    };
  }
};
