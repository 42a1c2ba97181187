import type { AgentSpec, CallPattern, ProcessFacts } from '../model/catalogue.ts';
import { matches } from '../model/catalogue.ts';

const MAX_TITLE = 240;

/** The tool call that a direct child carries out, by any of its executions; undefined when it is none that is known. */
export const callOf = ({ calls }: AgentSpec, execs: readonly ProcessFacts[]): CallPattern | undefined =>
  calls.find(({ match }) => execs.some((facts) => matches(match, facts)));

/** The command inside the agent's wrapper, by the last execution that shows it. */
export const commandOf = (call: CallPattern | undefined, execs: readonly ProcessFacts[]): string | undefined => {
  if (!call?.command) return undefined;
  for (const { cmdline } of execs.toReversed()) {
    const found = call.command.exec(cmdline ?? '')?.groups?.command;
    if (found !== undefined) return call.quoting === 'single' ? unquoteSingle(found) : found;
  }
  return undefined;
};

/** Undoes the quoting of a command that a wrapper put between single quotes. */
export const unquoteSingle = (text: string): string => text.replaceAll(`'"'"'`, "'").replaceAll(`'\\''`, "'");

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A title is one line of limited length; whoever shows it makes it harmless. */
export const oneLine = (text: string): string => {
  const line = text
    .slice(0, MAX_TITLE * 8)
    .replace(/\s+/g, ' ')
    .trim();
  const cut = line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1)}…` : line;
  return cut.replace(LONE_SURROGATE, '\ufffd');
};
