import { createHash } from 'node:crypto';
import type { AgentAction } from '../../model/action.ts';

/** Longest name; what is cut is told apart by a digest. */
const MAX_NAME = 300;
/** Digits of the digest. */
const MAX_DIGEST = 12;

/** An action as far as accepting it goes: what it is, and where outside it spoke to. The same command elsewhere is another. */
export const stepOf = ({ symbol, effects }: AgentAction): string => {
  const outside = effects.connections.filter(({ network, modelApi }) => network !== 'loopback' && !modelApi);
  const places = [...new Set(outside.map(({ address, port }) => `${address}:${port}`))].sort();
  return places.length === 0 ? symbol : `${symbol} (${places.join(', ')})`;
};

/** The name of a matched rule: the rule, and what it matched, each step once in its order. */
export const matchName = (detector: string, rule: string, steps: readonly string[]): string =>
  shortened(`${detector} ${rule}: ${[...new Set(steps)].join(' > ')}`);

/** The name of what is unusual about a step. It excuses nothing about any other. */
export const elementName = (step: string, element: string): string => shortened(`${step}: ${element}`);

/** The name of one step after another, where all that is unusual is the order. */
export const turnName = (before: string, symbol: string): string => shortened(`turn ${before} > ${symbol}`);

const shortened = (name: string): string => {
  if (name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, MAX_DIGEST);
  return `${name.slice(0, MAX_NAME)}… ${digest}`;
};
