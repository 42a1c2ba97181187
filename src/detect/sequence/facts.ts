import { basename } from 'node:path/posix';
import { ACTION_KINDS, type AgentAction, type Connection, type Evidence, type Touch } from '../../model/action.ts';
import { PRIORITIES } from '../../model/event.ts';
import { GAP_CAUSES, type Gap } from '../../model/flow.ts';
import { STARTERS } from '../../model/session.ts';
import type { Observation } from './observation.ts';
import { PATH_CLASSES } from './path-classes.ts';

export type Value = string | number | boolean;

/** Something that a rule can ask about: a scalar of what was seen, or one part of each of its things (`writes.path`). */
export interface Fact {
  /** The list that it is a part of; conditions on parts of one list must hold for ONE thing in it. */
  readonly list?: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly meaning: string;
  /** The only values there are, where they are a closed set. */
  readonly values?: readonly string[];
  /** What only a gap has (`gap`) or only an action (`action`); a step cannot ask for both. */
  readonly of: 'action' | 'gap' | 'session';
}

const NETWORKS = ['loopback', 'link-local', 'private', 'public'] as const;

type Getter<T> = (thing: T) => Value | readonly Value[] | undefined;
interface Part<T> extends Omit<Fact, 'list' | 'of'> {
  readonly get: Getter<T>;
}

const text = <T>(meaning: string, get: Getter<T>, values?: readonly string[]): Part<T> => ({
  type: 'string',
  meaning,
  get,
  ...(values && { values }),
});
const number = <T>(meaning: string, get: Getter<T>): Part<T> => ({ type: 'number', meaning, get });
const flag = <T>(meaning: string, get: Getter<T>): Part<T> => ({ type: 'boolean', meaning, get });

/** One list of things: how to find it, and the parts of each. */
interface Things<T> {
  readonly of: Fact['of'];
  readonly all: (seen: Observation) => readonly T[];
  readonly parts: Readonly<Record<string, Part<T>>>;
}

const touches = (did: string, pick: (action: AgentAction) => readonly Touch[] | undefined): Things<Touch> => ({
  of: 'action',
  all: ({ action }) => (action && pick(action)) ?? [],
  parts: {
    path: text(`Path of a file that was ${did}.`, ({ path }) => path),
    name: text(`Base name of a file that was ${did}.`, ({ path }) => basename(path)),
    class: text(`Path class of a file that was ${did}, such as \`secret:aws\`.`, (touch) => touch.class, PATH_CLASSES),
    guessed: flag('True where only the base name is certain.', ({ guessed }) => guessed === true),
  },
});

const connections: Things<Connection> = {
  of: 'action',
  all: ({ action }) => action?.effects.connections ?? [],
  parts: {
    address: text('Address that was connected to.', ({ address }) => address),
    port: number('Port that was connected to.', ({ port }) => port),
    network: text('Reach of the address.', ({ network }) => network, NETWORKS),
    modelApi: flag('True for the endpoint of the agent’s model.', ({ modelApi }) => modelApi),
  },
};

const falco: Things<Evidence> = {
  of: 'action',
  all: ({ action }) => action?.evidence ?? [],
  parts: {
    rule: text('Name of another Falco rule that fired during the action.', ({ rule }) => rule),
    priority: text('Its priority.', ({ priority }) => priority, PRIORITIES),
    tags: text('Its tags.', ({ tags }) => tags),
    output: text('Its output line.', ({ output }) => output),
  },
};

const gap: Things<Gap> = {
  of: 'gap',
  all: (seen) => (seen.gap ? [seen.gap] : []),
  parts: {
    cause: text('Why events were lost.', ({ cause }) => cause, GAP_CAUSES),
    lost: number('How many, where that is known.', ({ lost }) => lost),
  },
};

// biome-ignore lint/suspicious/noExplicitAny: each list holds things of its own type.
const LISTS: Readonly<Record<string, Things<any>>> = {
  reads: touches('read', ({ effects }) => effects.reads),
  writes: touches('written, renamed to or linked to', ({ effects }) => effects.writes),
  deletes: touches('deleted', ({ effects }) => effects.deletes),
  madeExecutable: touches('made executable', ({ effects }) => effects.madeExecutable),
  executed: touches('executed and is no program of the system', ({ effects }) => effects.executed),
  connections,
  falco,
  gap,
};

const ofAction =
  (get: Getter<AgentAction>): Getter<Observation> =>
  ({ action }) =>
    action && get(action);

const SCALARS: Readonly<Record<string, Part<Observation> & Pick<Fact, 'of'>>> = {
  kind: {
    of: 'action',
    ...text(
      'Kind of the action.',
      ofAction(({ kind }) => kind),
      ACTION_KINDS,
    ),
  },
  title: {
    of: 'action',
    ...text(
      'What was done, as a person would say it: the command, in full up to 240 characters.',
      ofAction(({ title }) => title),
    ),
  },
  symbol: {
    of: 'action',
    ...text(
      'Comparable name of the action.',
      ofAction(({ symbol }) => symbol),
    ),
  },
  family: { of: 'action', ...text('Command families, such as `git push`.', ofAction(familiesOf)) },
  programs: {
    of: 'action',
    ...text(
      'Base names of the programs that were run.',
      ofAction(({ effects }) => effects.programs),
    ),
  },
  listens: {
    of: 'action',
    ...text(
      'Addresses that were listened on.',
      ofAction(({ effects }) => effects.listens),
    ),
  },
  shellOnSocket: {
    of: 'action',
    ...flag(
      'A shell whose input or output is a network connection.',
      ofAction(({ effects }) => effects.shellOnSocket),
    ),
  },
  privilegeCalls: {
    of: 'action',
    ...text(
      'Calls such as ptrace, mount, setns, bpf.',
      ofAction(({ effects }) => effects.privilegeCalls),
    ),
  },
  exitStatus: {
    of: 'action',
    ...number(
      'How the command ended.',
      ofAction(({ effects }) => effects.exitStatus),
    ),
  },
  events: {
    of: 'action',
    ...number(
      'Number of events in the action.',
      ofAction(({ eventCount }) => eventCount),
    ),
  },
  novel: {
    of: 'action',
    ...text('What the baseline has never seen, such as `destination public 192.0.2.1:443`.', ({ novel }) => novel),
  },
  'session.agent': {
    of: 'session',
    ...text('Agent of the session, by its id in the catalogue.', ({ session }) => session.agent),
  },
  'session.user': { of: 'session', ...text('User who runs it.', ({ session }) => session.user) },
  'session.unsafeFlags': {
    of: 'session',
    ...text('Flags that switch the agent’s own safety off.', ({ session }) => session.unsafeFlags),
  },
  'session.parent': {
    of: 'session',
    ...text('Session that started this one, where an agent started an agent.', ({ session }) => session.parent),
  },
  'session.startedBy': {
    of: 'session',
    ...text('Who started the agent.', ({ session }) => session.startedBy, STARTERS),
  },
  'session.repository': {
    of: 'session',
    ...text('Repository of the CI job.', ({ session }) => session.scope.repository),
  },
  'session.workflow': { of: 'session', ...text('Workflow of the CI job.', ({ session }) => session.scope.workflow) },
  'session.job': { of: 'session', ...text('Name of the CI job.', ({ session }) => session.scope.job) },
};

/** The families stand in the symbol, between the kind and the marks. */
function familiesOf({ kind, symbol }: AgentAction): readonly string[] {
  if (!symbol.startsWith(`${kind}:`)) return [];
  const subject = symbol.slice(kind.length + 1).split(MARKS, 1)[0] ?? '';
  return subject.split('+').filter(Boolean);
}
const MARKS = / (?:reads|writes|deletes|executes|connects|shell on|calls) /;

/** Every fact by its name. */
export const FACTS: ReadonlyMap<string, Fact> = new Map<string, Fact>([
  ...Object.entries(SCALARS).map(([name, { get: _, ...fact }]): [string, Fact] => [name, fact]),
  ...Object.entries(LISTS).flatMap(([list, { of, parts }]) =>
    Object.entries(parts).map(([name, { get: _, ...part }]): [string, Fact] => [
      `${list}.${name}`,
      { list, of, ...part },
    ]),
  ),
]);

/** The things of a list that an observation shows. */
export const thingsOf = (list: string, seen: Observation): readonly unknown[] => LISTS[list]?.all(seen) ?? [];

/** How to get each fact, by its name. */
const GETTERS: ReadonlyMap<string, Getter<never>> = new Map<string, Getter<never>>([
  ...Object.entries(SCALARS).map(([name, { get }]): [string, Getter<never>] => [name, get]),
  ...Object.entries(LISTS).flatMap(([list, { parts }]) =>
    Object.entries(parts).map(([name, { get }]): [string, Getter<never>] => [`${list}.${name}`, get]),
  ),
]);

/** The values of one fact: of one thing in its list, or of the whole observation. */
export const valuesOf = (name: string, thing: unknown): readonly Value[] => {
  const value = GETTERS.get(name)?.(thing as never);
  return value === undefined ? [] : Array.isArray(value) ? value : [value as Value];
};
