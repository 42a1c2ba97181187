import type { AgentAction } from '../model/action.ts';
import { redact } from '../platform/redact.ts';
import type { Reporter } from './reporter.ts';

/** Lines held back of one session to put them in order of start; beyond it they go out as they are. */
const MAX_HELD = 20_000;

/** One JSON object a line for each closed action, per session in order of start. */
export const actionsReporter = (recording: string): Reporter => {
  const held = new Map<string, { start: bigint; line: string }[]>();
  const flush = (session: string): string => {
    const lines = held.get(session) ?? [];
    held.delete(session);
    return lines
      .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
      .map(({ line }) => line)
      .join('');
  };
  return {
    take: ({ session, action, ended }) => {
      let out = '';
      if (action && !action.preview) {
        const lines = held.get(session.id) ?? [];
        held.set(session.id, lines);
        lines.push({ start: action.start, line: `${JSON.stringify(toJson(recording, action))}\n` });
        if (lines.length >= MAX_HELD) out = flush(session.id);
      }
      return ended ? out + flush(session.id) : out;
    },
    end: () => [...held.keys()].map(flush).join(''),
  };
};

const toJson = (recording: string, { session, index, kind, title, symbol, start, end, events }: AgentAction) => ({
  recording,
  session: session.id,
  index,
  agent: session.agent,
  kind,
  title: redact(title),
  symbol,
  start: String(start),
  end: String(end),
  events,
});
