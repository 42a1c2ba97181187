import { redact } from './redact.ts';
import type { Key } from './settings-key.ts';

const MASK = '[redacted]';

/** A value as it may be shown: all of a secret is masked, and of any other what is secret inside it. */
export const maskSecrets = (value: unknown, key: Pick<Key, 'secret'>): unknown => {
  if (key.secret) return MASK;
  if (typeof value === 'string') return redact(maskUserInfo(value));
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskSecrets(inner, key)]));
};

/**
 * In a value of one word, all from the scheme to the last `@` is a credential, whatever its shape: the value may be wrong,
 * and is then quoted in a message.
 */
const maskUserInfo = (text: string): string => text.replace(/^([a-z][a-z0-9+.-]*:\/*)?\S*@/i, `$1${MASK}@`);
