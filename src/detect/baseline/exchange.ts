import { parse } from 'yaml';
import { z } from 'zod';
import { errorMessage } from '../../platform/error-message.ts';
import { Baseline } from './baseline.ts';
import { toProfile } from './encoding.ts';
import { bySession } from './memory-store.ts';
import { PROFILE_VERSION, type SessionProfile, scopeKey } from './profile.ts';

const head = z.looseObject({ creance: z.literal('baseline'), version: z.int(), sessions: z.array(z.unknown()) });

/**
 * All sessions as one YAML document for people and for git: sorted, so that two exports of the same are equal, with what is
 * usual in each scope as comments above its sessions, so that a change of what is normal shows in a diff.
 */
export const exportProfiles = (profiles: readonly SessionProfile[], knownAfter: number): string => {
  const lines = [
    'creance: baseline',
    `version: ${PROFILE_VERSION}`,
    profiles.length > 0 ? 'sessions:' : 'sessions: []',
  ];
  for (const [, own] of byScope(profiles)) {
    const [first] = own;
    if (!first) continue;
    lines.push('', ...commentsOf(first, own, knownAfter));
    for (const profile of own) lines.push(...sessionLines(profile));
  }
  return `${lines.join('\n')}\n`;
};

/** @throws an Error that names the document and what is wrong in it. Reads the JSON of earlier versions as well. */
export const readExport = (text: string, name: string): readonly SessionProfile[] => {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new Error(`${name} is no YAML document: ${errorMessage(error)}`);
  }
  const result = head.safeParse(value);
  if (!result.success) throw new Error(`${name} is no exported baseline: ${z.prettifyError(result.error)}`);
  return result.data.sessions.map((one, at) => {
    const read = toProfile(one);
    if ('profile' in read) return read.profile;
    throw new Error(`${name} is no exported baseline: session ${at + 1}: ${read.problem}`);
  });
};

/** Profiles by scope and agent, both in an order of their own. */
export const byScope = (
  profiles: readonly SessionProfile[],
): readonly (readonly [key: string, profiles: readonly SessionProfile[]])[] => {
  const scopes = new Map<string, SessionProfile[]>();
  for (const profile of profiles) {
    const key = scopeKey(profile.scope, profile.agent);
    const own = scopes.get(key) ?? [];
    own.push(profile);
    scopes.set(key, own);
  }
  return [...scopes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, own]) => [key, own.toSorted(bySession)] as const);
};

/** A scope in words. */
export const scopeName = ({ scope: { repository, workflow, job }, agent }: SessionProfile): string =>
  [...[repository, workflow, job].filter((part) => part !== undefined), agent].join(' › ');

const commentsOf = (
  first: SessionProfile,
  profiles: readonly SessionProfile[],
  knownAfter: number,
): readonly string[] => {
  const baseline = new Baseline();
  for (const profile of profiles) baseline.add(profile);
  const elements = baseline.elements().toSorted(([a], [b]) => (a < b ? -1 : 1));
  const known = elements.filter(([, sessions]) => sessions >= knownAfter);
  return [
    `# ${text(scopeName(first))}: ${baseline.sessions} sessions, ${known.length} of ${elements.length} elements known`,
    ...known.map(([name]) => `#   ${text(name)}`),
  ];
};

const sessionLines = (profile: SessionProfile): readonly string[] => {
  const { session, agent, scope, ended, vouched, doubts, names, shapes, path } = profile;
  return [
    `  - session: ${text(session)}`,
    `    version: ${profile.version}`,
    `    agent: ${text(agent)}`,
    ...(Object.keys(scope).length === 0 ? ['    scope: {}'] : ['    scope:']),
    ...Object.entries(scope).map(([key, value]) => `      ${key}: ${text(value)}`),
    `    ended: ${text(ended)}`,
    ...(vouched ? ['    vouched: true'] : []),
    ...(doubts ? [`    doubts: [${doubts.map(text).join(', ')}]`] : []),
    names.length === 0 ? '    names: []' : '    names:',
    ...names.map((name) => `      - ${text(name)}`),
    `    shapes: [${shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}]`,
    `    path: [${path.join(', ')}]`,
  ];
};

/** A YAML string in one line, whatever it holds: names come from what an agent ran. */
const text = (value: string): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
