import { utf8 } from './utf8.ts';

/** A key that is worth a string, in the two forms that a reader needs. */
interface Key {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Recognises keys in their UTF-8 bytes. */
export interface KeyTable {
  /** The key at `[start, end)` of `bytes`, or undefined when nobody wants it. Makes a string only for a key it never saw. */
  find(bytes: Buffer, start: number, end: number): string | undefined;
}

const ENV_PREFIX = Buffer.from('proc.env[');

/** Names of variables come from rules, so they are few; past this many they are no longer remembered, only read. */
const MAX_LEARNED = 256;

const SLOTS = 1024;

/** A table of the `wanted` keys, to which each `proc.env[NAME]` is added when it is first seen. */
export const createKeyTable = (wanted: ReadonlySet<string>): KeyTable => {
  const slots: Key[][] = Array.from({ length: SLOTS }, () => []);
  let learned = 0;
  const add = (name: string) => {
    const bytes = Buffer.from(name);
    slots[slotOf(bytes, 0, bytes.length)]?.push({ name, bytes });
  };
  for (const name of wanted) add(name);
  return {
    find: (bytes, start, end) => {
      const keys = slots[slotOf(bytes, start, end)] as Key[];
      for (const key of keys) if (isAt(key.bytes, bytes, start, end)) return key.name;
      if (end - start <= ENV_PREFIX.length || !startsAt(ENV_PREFIX, bytes, start)) return undefined;
      const name = utf8(bytes, start, end);
      if (learned < MAX_LEARNED) {
        learned += 1;
        add(name);
      }
      return name;
    },
  };
};

/** Field names differ in their length, their middle and their end; most share their beginning. */
const slotOf = (bytes: Uint8Array, start: number, end: number): number => {
  const length = end - start;
  if (length < 3) return length;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[end - 1] as number;
  const nextToLast = bytes[end - 2] as number;
  const sixth = length > 5 ? (bytes[start + 5] as number) : 0;
  return ((((length * 31 + middle) * 31 + nextToLast) * 31 + last) * 31 + sixth) & (SLOTS - 1);
};

const isAt = (key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean =>
  key.length === end - start && startsAt(key, bytes, start);

const startsAt = (key: Uint8Array, bytes: Uint8Array, start: number): boolean => {
  for (let at = key.length - 1; at >= 0; at -= 1) if (key[at] !== bytes[start + at]) return false;
  return true;
};
