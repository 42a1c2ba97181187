import type { Effects, Touch } from './action.ts';
import { isControl, isSecret } from './path-class.ts';

/** Classes whose writing is every command's daily business and makes no difference to what an action is. */
const PLAIN_WRITES = new Set(['workspace', 'git', 'dependencies', 'cache', 'agent-state', 'system']);
/** Where programs that were just made, or that hide where they come from, are run from. */
const ODD_PROGRAMS = new Set(['temp', 'memfd', 'upper-layer', 'disguised']);

/** The marks of an action's effects, sorted: `reads secret:aws`, `writes persistence:cron`, `connects public`, … */
export const marksOf = (effects: Effects): readonly string[] => {
  const marks = new Set<string>();
  for (const touch of effects.reads) if (isSecret(touch.class)) marks.add(`reads ${touch.class}`);
  for (const touch of effects.writes) if (!PLAIN_WRITES.has(touch.class)) marks.add(`writes ${touch.class}`);
  for (const touch of effects.deletes) if (outside(touch)) marks.add(`deletes ${touch.class}`);
  for (const touch of effects.executed)
    if (ODD_PROGRAMS.has(touch.class) || isControl(touch.class)) marks.add(`executes ${touch.class}`);
  for (const { network, modelApi } of effects.connections) if (!modelApi) marks.add(`connects ${network}`);
  for (const listen of effects.listens) marks.add(`listens ${reachOf(listen)}`);
  if (effects.shellOnSocket) marks.add('shell on socket');
  for (const call of effects.privilegeCalls) marks.add(`calls ${call}`);
  return [...marks].sort();
};

const outside = ({ class: name }: Touch): boolean => isSecret(name) || isControl(name) || name === 'home';

/** Who can reach a listener: its own machine, or others too. */
const reachOf = (listen: string): 'local' | 'open' =>
  /^(127\.|localhost|\[?::1\]?[:\]]|\/|@)/.test(listen) ? 'local' : 'open';
