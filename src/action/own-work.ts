import type { AgentSpec } from '../model/catalogue.ts';
import type { FalcoEvent } from '../model/event.ts';
import { ms, type Nanos } from '../model/time.ts';
import type { ActionConfig } from './config.ts';
import type { EffectsContext } from './effects.ts';
import { Endpoints } from './endpoints.ts';
import { type ActionName, OpenAction } from './open-action.ts';
import { OpenFile } from './own-file.ts';
import { type FileOperation, OwnFiles } from './own-files.ts';
import { SubAgents } from './subagents.ts';
import { symbolOf } from './symbol.ts';

/** Something that the agent process does in one stroke and that has a name from the start: a connection, a sub-agent. */
interface OpenStroke {
  readonly action: OpenAction;
  readonly name: () => ActionName;
}

/** An open action of the agent process itself, and when it ends if nothing more comes. */
export type OwnEntry =
  | {
      readonly type: 'file';
      readonly key: string;
      readonly file: OpenFile;
      readonly action: OpenAction;
      readonly due: Nanos;
    }
  | {
      readonly type: 'stroke';
      readonly key: string;
      readonly name: () => ActionName;
      readonly action: OpenAction;
      readonly due: Nanos;
    }
  | { readonly type: 'housekeeping'; readonly action: OpenAction; readonly due: Nanos };

/** What the agent process itself does, between its children: the model's file operations and fetches, and its own housekeeping. */
export class OwnWork {
  readonly #config: ActionConfig;
  readonly #files: OwnFiles;
  readonly #subAgents: SubAgents;
  readonly #openFiles = new Map<string, OpenFile>();
  readonly #strokes = new Map<string, OpenStroke>();
  readonly endpoints: Endpoints;
  #housekeeping: OpenAction | undefined;

  constructor(spec: AgentSpec, config: ActionConfig) {
    this.#config = config;
    this.endpoints = new Endpoints(ms(config.startMs));
    this.#files = new OwnFiles(spec, config.maxNames);
    this.#subAgents = new SubAgents(spec.subagents ?? []);
  }

  learn(event: FalcoEvent): void {
    this.#files.learn(event);
  }

  isDirectory(path: string, workspace: string | undefined): boolean {
    return this.#files.isDirectory(path, workspace);
  }

  /** The oldest file action, when there is no room for one more. */
  get crowdedOut(): string | undefined {
    if (this.#openFiles.size + this.#strokes.size < this.#config.maxFiles) return undefined;
    const [oldest] = this.#openFiles.size > 0 ? this.#openFiles.keys() : this.#strokes.keys();
    return oldest;
  }

  /** `starting`: what is read and written before the agent first speaks to its model is its own start-up. */
  add(event: FalcoEvent, context: EffectsContext, starting: boolean): void {
    const endpoint = event.call === 'connect' ? this.endpoints.note(event) : undefined;
    const subAgent = this.#subAgents.begun(event);
    const operation = starting ? undefined : this.#files.operation(event, context.workspace);
    if (endpoint !== undefined) this.#stroke(`connect ${endpoint}`, nameConnection(endpoint), event, context);
    else if (subAgent !== undefined) this.#stroke(`subagent ${subAgent}`, nameSubAgent, event, context);
    else if (operation) this.#operate(operation, event, context);
    else this.#keepHouse(event, context);
  }

  /** Takes what turned out to be the agent's own doing. */
  absorb(action: OpenAction): void {
    this.#housekeeping ??= new OpenAction(action.start, this.#config.maxEvents);
    this.#housekeeping.absorb(action);
  }

  *entries(): Generator<OwnEntry> {
    const fileQuiet = ms(this.#config.fileQuietMs);
    const ownQuiet = ms(this.#config.housekeepingQuietMs);
    for (const [key, file] of this.#openFiles)
      yield { type: 'file', key, file, action: file.action, due: file.action.end + fileQuiet };
    for (const [key, { action, name }] of this.#strokes)
      yield { type: 'stroke', key, name, action, due: action.end + ownQuiet };
    const own = this.#housekeeping;
    if (own) yield { type: 'housekeeping', action: own, due: own.end + ownQuiet };
  }

  entry(key: string): OwnEntry | undefined {
    for (const entry of this.entries()) if (entry.type !== 'housekeeping' && entry.key === key) return entry;
    return undefined;
  }

  remove(entry: OwnEntry): void {
    if (entry.type === 'file') this.#openFiles.delete(entry.key);
    else if (entry.type === 'stroke') this.#strokes.delete(entry.key);
    else this.#housekeeping = undefined;
  }

  #stroke(key: string, name: (action: OpenAction) => ActionName, event: FalcoEvent, context: EffectsContext): void {
    let stroke = this.#strokes.get(key);
    if (!stroke) {
      const action = new OpenAction(event.time, this.#config.maxEvents);
      stroke = { action, name: () => name(action) };
      this.#strokes.set(key, stroke);
    }
    stroke.action.add(event, context);
  }

  #operate(operation: FileOperation, event: FalcoEvent, context: EffectsContext): void {
    if (!operation.probe) this.endpoints.settleBy(event.time);
    const key = this.#keyOf(operation);
    let file = this.#openFiles.get(key);
    if (!file) {
      file = new OpenFile(operation, event.time, this.#config.maxEvents);
      this.#openFiles.set(key, file);
    }
    file.note(operation);
    file.action.add(event, context, operation);
  }

  /** A write whose directory is hidden goes with the open file of its name, and the other way round. */
  #keyOf({ path }: FileOperation): string {
    if (this.#openFiles.has(path)) return path;
    const unplaced = `?/${path.slice(path.lastIndexOf('/') + 1)}`;
    return this.#openFiles.has(unplaced) ? unplaced : path;
  }

  #keepHouse(event: FalcoEvent, context: EffectsContext): void {
    this.#housekeeping ??= new OpenAction(event.time, this.#config.maxEvents);
    this.#housekeeping.add(event, context);
  }
}

const nameConnection =
  (endpoint: string) =>
  (action: OpenAction): ActionName => {
    const effects = action.effects.build();
    const network = effects.connections[0]?.network ?? 'public';
    const symbol = symbolOf('network', [`in-process ${network}`], effects);
    return { kind: 'network', title: `connect to ${endpoint}`, symbol };
  };

const nameSubAgent = (action: OpenAction): ActionName => ({
  kind: 'subagent',
  title: 'start a sub-agent',
  symbol: symbolOf('subagent', ['start'], action.effects.build()),
});
