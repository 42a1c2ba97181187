import { redact } from './redact.ts';

/** Controls, invisible format characters (bidi overrides, zero-width, tags), lone surrogates and Unicode's line ends. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const CUT = '…';

const show = (character: string): string => SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** At most `maxBytes` of UTF-8, cut between characters and marked where it was cut. */
export const bounded = (text: string, maxBytes: number): string => {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const room = maxBytes - Buffer.byteLength(CUT);
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    end += character.length;
  }
  return text.slice(0, end) + CUT;
};

/** Event text as one line that is safe to show anywhere: secrets out, what cannot be seen made visible, then bounded. */
export const printable = (text: string, maxBytes: number): string =>
  bounded(redact(text).replace(INVISIBLE, show), maxBytes);
