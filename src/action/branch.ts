import { basename } from 'node:path/posix';
import type { ActionKind } from '../model/action.ts';
import { type AgentSpec, type CallPattern, matches, matchesAny, type ProcessFacts } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import { pathClass } from '../model/path-class.ts';
import type { Nanos } from '../model/time.ts';
import { executedOf, familyOf, isTransparent, kindOfFamilies, mainFamilies, unquoteSingle } from './command.ts';
import type { EffectsContext } from './effects.ts';
import { OpenAction } from './open-action.ts';
import { symbolOf } from './symbol.ts';

/** Executions of the branch's top process that are looked at: an agent's wrappers are a few at most. */
const MAX_TOP_EXECS = 16;
const MAX_TITLE = 240;
/** Classes of executables that were made here, not installed. */
const OWN_PROGRAMS = new Set(['workspace', 'temp', 'home']);

/** A direct child of the agent with everything below it: one action while its top process lives. */
export class OpenBranch {
  readonly #spec: AgentSpec;
  readonly #maxEvents: number;
  readonly #topExecs: ProcessFacts[] = [];
  /** What each process of the branch last executed; those behind a program that does the work are its own affair. */
  readonly #programs = new Map<number, { readonly transparent: boolean }>();
  /** Outermost programs, by process, in order: what the command line itself ran. */
  readonly #commands = new Map<number, { family: string; cmdline: string }>();
  action: OpenAction;
  /** Set when the top process has exited. */
  exitedAt: Nanos | undefined;
  /** True once the action was closed and events still come: what outlived its call. */
  background = false;
  #title = '';

  constructor(spec: AgentSpec, start: Nanos, maxEvents: number) {
    this.#spec = spec;
    this.#maxEvents = maxEvents;
    this.action = new OpenAction(start, maxEvents);
  }

  add(event: FalcoEvent, top: boolean, ownSession: boolean, processExit: boolean, context: EffectsContext): void {
    this.action.add(event, context);
    if ((event.call === 'execve' || event.call === 'execveat') && event.result === 'SUCCESS')
      this.#executed(event, top, ownSession, context);
    if (top && processExit) {
      this.exitedAt = event.time;
      this.action.effects.exited(event.exit?.status);
    }
  }

  /** What the branch was, now that it is over. */
  name(): { kind: ActionKind; title: string; symbol: string } {
    const effects = this.action.effects.build();
    const commands = [...this.#commands.values()];
    const families = mainFamilies(commands.map(({ family }) => family));
    if (this.background) {
      const title = `still running: ${this.#title || effects.programs.join(', ') || 'a child process'}`;
      return { kind: 'background', title, symbol: symbolOf('background', families, effects) };
    }
    const call = this.#spec.calls.find(({ match }) => this.#topExecs.some((facts) => matches(match, facts)));
    const serving = !call && this.#topExecs[0] !== undefined && matchesAny(this.#spec.housekeeping, this.#topExecs[0]);
    const ran = commands.map(({ cmdline }) => cmdline).join('; ');
    // A fork that never executed anything is the agent's own.
    const kind =
      serving || this.#topExecs.length === 0
        ? 'housekeeping'
        : call && call.kind !== 'shell'
          ? call.kind
          : kindOfFamilies(families);
    this.#title = oneLine(this.#commandOf(call) ?? (ran || (this.#topExecs.at(-1)?.cmdline ?? '')));
    return { kind, title: this.#title || 'a child process', symbol: symbolOf(kind, families, effects) };
  }

  /** Goes on as background: what comes from now on is an action of its own. */
  continueInBackground(time: Nanos): void {
    this.background = true;
    this.exitedAt = undefined;
    this.action = new OpenAction(time, this.#maxEvents);
    this.#commands.clear();
  }

  #executed(event: FalcoEvent, top: boolean, ownSession: boolean, context: EffectsContext): void {
    const { process } = event;
    if (!process) return;
    const { marker } = this.#spec;
    if (top && this.#topExecs.length < MAX_TOP_EXECS) {
      const marked = marker !== undefined && process.env[marker] !== undefined;
      this.#topExecs.push({ exepath: process.exepath, exe: process.exe, cmdline: process.cmdline, marked, ownSession });
    }
    // The agent's own executable at other work goes by the name it was given (argv[0]).
    const name = matchesAny(this.#spec.except, process) && process.exe ? basename(process.exe) : (process.name ?? '');
    const transparent = isTransparent(name);
    const nested = process.ancestors.some(({ pid }) => this.#programs.get(pid)?.transparent === false);
    this.#programs.set(process.pid, { transparent });
    if (nested) return;
    if (transparent) this.#commands.delete(process.pid);
    else {
      const cmdline = process.cmdline ?? name;
      const own = process.exepath !== undefined && OWN_PROGRAMS.has(pathClass(process.exepath, context.workspace));
      this.#commands.set(process.pid, { family: own ? 'own program' : familyOf(executedOf(name, cmdline)), cmdline });
    }
  }

  /** The command inside the agent's wrapper, by the last execution that shows it. */
  #commandOf(call: CallPattern | undefined): string | undefined {
    if (!call?.command) return undefined;
    for (const { cmdline } of this.#topExecs.toReversed()) {
      const found = call.command.exec(cmdline ?? '')?.groups?.command;
      if (found === undefined) continue;
      const command = call.quoting === 'single' ? unquoteSingle(found) : found;
      return call.title === undefined ? command : call.title.replace('$command', () => command);
    }
    return undefined;
  }
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1)}…` : line;
};
