import { createHash } from 'node:crypto';
import type { AgentAction, Touch } from '../../model/action.ts';
import { printable } from '../../platform/printable.ts';

/** Longest name; what is cut is told apart by a digest. */
const MAX_NAME = 300;
/** Digits of the digest. */
const MAX_DIGEST = 12;

/**
 * An action as far as accepting something unusual about it goes: its symbol, and where outside it spoke to. The same command
 * elsewhere is another.
 */
export const stepOf = ({ symbol, effects }: AgentAction): string => {
  const outside = effects.connections.filter(({ network, modelApi }) => network !== 'loopback' && !modelApi);
  const places = [...new Set(outside.map(({ address, port }) => `${address}:${port}`))].sort();
  return places.length === 0 ? symbol : `${symbol} (${places.join(', ')})`;
};

/**
 * An action as far as accepting the match of a rule goes: of what is known to be bad, only this very command on these very
 * files with these very peers is accepted. Secrets of a known shape in it may change from run to run.
 */
export const exactStepOf = (action: AgentAction): string => {
  const { symbol, title, effects } = action;
  const { programs, connections, reads, writes, deletes, executed } = effects;
  const pathsOf = (touches: readonly Touch[]) => touches.filter(isTelling).map(({ path }) => path);
  const facts = [
    printable(title, MAX_TITLE),
    programs,
    connections.map(({ address, port }) => `${address}:${port}`),
    ...[reads, writes, deletes, executed].map(pathsOf),
  ].map((fact) => (typeof fact === 'string' ? fact : fact.toSorted()));
  return `${symbol} #${digestOf(JSON.stringify(facts))}`;
};

const MAX_TITLE = 4_096;

/** What lies in the workspace or a temporary folder has another name in every run; what rules are about does not. */
const isTelling = ({ class: name }: Touch): boolean => !/^(workspace|temp|cache|system)/.test(name);

/** The name of a matched rule: the rule, and what it matched, each step once in its order. */
export const matchName = (detector: string, rule: string, steps: readonly string[]): string =>
  shortened(`${detector} ${rule}: ${[...new Set(steps)].join(' > ')}`);

/** The name of what is unusual about a step. It excuses nothing about any other. */
export const elementName = (step: string, element: string): string => shortened(`${step}: ${element}`);

/** The name of one step after another, where all that is unusual is the order. */
export const turnName = (before: string, symbol: string): string => shortened(`turn ${before} > ${symbol}`);

const shortened = (name: string): string => {
  if (name.length <= MAX_NAME) return name;
  return `${name.slice(0, MAX_NAME)}… ${digestOf(name)}`;
};

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, MAX_DIGEST);
