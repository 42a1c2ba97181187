import type { z } from 'zod';
import type { timeline, timelineStep } from './schema.ts';

export type Timeline = z.infer<typeof timeline>;
export type TimelineStep = z.infer<typeof timelineStep>;

export const HOME = '/home/runner';
export const WORKSPACE = `${HOME}/_work/app/app`;
/** A session that no timeline names another for. */
export const AGENT = 'claude-code';

/** `~` and names without a directory become absolute paths; `{1..50}` becomes so many. */
export const pathsOf = (names: readonly string[] = []): readonly string[] =>
  names.flatMap(expand).map((name) => {
    if (name.startsWith('/') || name.startsWith('?/')) return name;
    return name.startsWith('~/') ? `${HOME}${name.slice(1)}` : `${WORKSPACE}/${name}`;
  });

const expand = (name: string): readonly string[] => {
  const range = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(name);
  if (!range) return [name];
  const [, before, from, to, behind] = range;
  return Array.from(
    { length: Number(to) - Number(from) + 1 },
    (_, index) => `${before}${Number(from) + index}${behind}`,
  );
};

const SECONDS: Readonly<Record<string, bigint>> = { s: 1n, m: 60n, h: 3_600n, d: 86_400n };

/** How long after the step before it a step begins. */
export const pauseOf = ({ after = '2s' }: TimelineStep): bigint =>
  BigInt(after.slice(0, -1)) * (SECONDS[after.slice(-1)] ?? 1n) * 1_000_000_000n;

/** When every timeline begins: any time does, as long as it is the same. */
export const BEGIN = 1_780_000_000_000_000_000n;

/** `ADDRESS:PORT`, IPv6 in brackets. */
export const endpointOf = (text: string): { readonly address: string; readonly port: number } => {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
};
