import type { ActionKind } from '../model/action.ts';
import { type AgentSpec, matchesAny, type ProcessFacts } from '../model/catalogue.ts';
import type { EventProcess, FalcoEvent } from '../model/event.ts';
import type { Nanos } from '../model/time.ts';
import { EXECS } from './calls.ts';
import { Commands } from './commands.ts';
import type { EffectsContext } from './effects.ts';
import { isShell } from './executed.ts';
import { kindOfFamilies, mainFamilies } from './kind.ts';
import { type ActionName, OpenAction } from './open-action.ts';
import { familiesOfText } from './script.ts';
import { symbolOf } from './symbol.ts';
import { callOf, commandOf, oneLine } from './wrapper.ts';

/** Executions of the branch's top process that are looked at: an agent's wrappers are a few at most. */
const MAX_TOP_EXECS = 16;

/** What a branch is to its agent: a tool call, a long-lived tool server, or the agent's own helper. */
export type Role = 'call' | 'server' | 'helper';

/** A direct child of the agent with everything below it: one action while its top process lives. */
export class OpenBranch {
  readonly #spec: AgentSpec;
  readonly #maxEvents: number;
  readonly #topExecs: ProcessFacts[] = [];
  readonly #commands = new Commands();
  /** First event of the child; its action may begin earlier, with what the agent looked at before. */
  readonly begun: Nanos;
  action: OpenAction;
  /** Set when the top process has exited. */
  exitedAt: Nanos | undefined;
  /** Index of the first action, once that was closed: what goes on is its child's doing. */
  startedBy: number | undefined;
  #title = '';
  #families: readonly string[] = [];
  #role: Role | undefined;

  constructor(spec: AgentSpec, start: Nanos, maxEvents: number) {
    this.#spec = spec;
    this.#maxEvents = maxEvents;
    this.begun = start;
    this.action = new OpenAction(start, maxEvents);
  }

  add(event: FalcoEvent, top: boolean, ownSession: boolean, processExit: boolean, context: EffectsContext): void {
    this.action.add(event, context);
    if (event.call !== undefined && EXECS.has(event.call)) {
      if (event.result === 'SUCCESS') this.#executed(event, top, ownSession, context);
    } else if (top && this.#topExecs.length === 0) this.#unseen(event, ownSession);
    if (top && processExit) {
      this.exitedAt = event.time;
      this.action.effects.exited(event.exit?.status);
    }
  }

  /** A server lives on between its calls: neither a shell nor a command of the model's, and no session leader. */
  get role(): Role {
    this.#role ??= this.#judgeRole();
    return this.#role === 'server' && this.exitedAt !== undefined ? 'call' : this.#role;
  }

  /** The command as the model gave it, where the agent's wrapper shows it. */
  get command(): string | undefined {
    return commandOf(callOf(this.#spec, this.#topExecs), this.#topExecs);
  }

  /** What the branch was, now that it has ended or gone quiet. */
  name(): ActionName {
    const effects = this.action.effects.build();
    if (this.startedBy !== undefined) return this.#nameContinued(this.startedBy);
    const call = callOf(this.#spec, this.#topExecs);
    const command = commandOf(call, this.#topExecs);
    const ran = this.#commands.families;
    const families = mainFamilies(ran.length > 0 || command === undefined ? ran : familiesOfText(command));
    this.#families = families;
    const { role } = this;
    const kind =
      role === 'helper'
        ? 'housekeeping'
        : role === 'server'
          ? 'tool'
          : call && call.kind !== 'shell'
            ? call.kind
            : kindOfFamilies(families, effects);
    this.#title = this.#describe(command, call?.title) || 'a child process';
    const title = role === 'server' ? `start tool server: ${this.#title}` : this.#title;
    return { kind, title, symbol: symbolOf(kind, families, effects) };
  }

  /** Goes on under the action that was closed: what comes from now on is an action of its own. */
  continue(time: Nanos): void {
    this.exitedAt = undefined;
    this.action = new OpenAction(time, this.#maxEvents);
    this.#commands.clear();
  }

  #nameContinued(startedBy: number): ActionName {
    const effects = this.action.effects.build();
    const ran = this.#commands.families;
    // What goes on without starting anything is what was started.
    const families = ran.length > 0 ? mainFamilies(ran) : this.#families;
    const named = (kind: ActionKind, title: string): ActionName => ({
      kind,
      title: `${title}: ${this.#title}`,
      symbol: symbolOf(kind, families, effects),
      startedBy,
    });
    if (this.role === 'helper' || this.action.effects.none) return named('housekeeping', 'after');
    return this.role === 'server' ? named('tool', 'tool server at work') : named('background', 'still running');
  }

  #describe(command: string | undefined, template: string | undefined): string {
    if (command !== undefined)
      return oneLine(template === undefined ? command : template.replace('$command', () => command));
    const ran = this.#commands.cmdlines;
    return oneLine(ran.length > 0 ? ran.join('; ') : (this.#topExecs.at(-1)?.cmdline ?? ''));
  }

  #judgeRole(): Role {
    // A fork that never executed anything is the agent's own.
    const [first] = this.#topExecs;
    if (!first) return this.#commands.families.length > 0 ? 'call' : 'helper';
    if (callOf(this.#spec, this.#topExecs)) return 'call';
    if (matchesAny(this.#spec.housekeeping, first)) return 'helper';
    const program = (first.cmdline ?? '').split(' ', 1)[0] ?? '';
    return first.marked || first.ownSession || isShell(program) ? 'call' : 'server';
  }

  #executed({ process }: FalcoEvent, top: boolean, ownSession: boolean, context: EffectsContext): void {
    if (!process) return;
    if (top) this.#noteTop(process, ownSession);
    this.#commands.executed(process, matchesAny(this.#spec.except, process), context.workspace);
  }

  /** The top process shows what it is by any event, when that of its execution was lost. A mere fork shows the agent. */
  #unseen({ process }: FalcoEvent, ownSession: boolean): void {
    if (process?.cmdline && !matchesAny(this.#spec.processes, process)) this.#noteTop(process, ownSession);
  }

  #noteTop({ name, exepath, exe, cmdline, env }: EventProcess, ownSession: boolean): void {
    if (this.#topExecs.length >= MAX_TOP_EXECS) return;
    const { marker, markers } = this.#spec;
    const marked = [marker, ...markers].some((variable) => variable !== undefined && env[variable] !== undefined);
    this.#topExecs.push({ name, exepath, exe, cmdline, marked, ownSession });
    this.#role = undefined;
  }
}
