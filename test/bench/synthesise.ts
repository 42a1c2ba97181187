import { recordings } from './recordings.ts';

/** Between two sessions. */
const PAUSE_SECONDS = 5;
/** Pids of one copy lie this far from those of the copy before. */
const PID_STEP = 10_007;
const MAX_PID = 4_194_304;

const PIDS = /("proc\.(?:p?pid|vpid|sid|vpgid|apid\[\d+\])":)(\d+)/g;
/** Nineteen digits of nanoseconds, of which the first ten are seconds. */
const NANOS = /("(?:evt\.(?:raw)?time|proc\.p?pid\.ts)":)(\d{10})(\d{9})/g;
const TIME = /"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z"/;

interface Recording {
  readonly lines: readonly string[];
  readonly from: number;
  readonly to: number;
}

/**
 * As many lines as are asked for: the recorded sessions over and over, one after the other, each copy at a later time and with
 * pids of its own, so that every copy is a session of its own. Comes in chunks of complete lines.
 */
export function* synthesise(count: number): Generator<string> {
  const originals = recordings().map(toRecording);
  let now = originals[0]?.from ?? 0;
  let left = count;
  for (let copy = 0; left > 0; copy++) {
    const { lines, from, to } = originals[copy % originals.length] as Recording;
    const move = mover(now - from, copy * PID_STEP);
    for (let at = 0; at < lines.length && left > 0; at += 256) {
      const chunk = lines.slice(at, Math.min(at + 256, at + left));
      left -= chunk.length;
      yield `${chunk.map(move).join('\n')}\n`;
    }
    now += to - from + PAUSE_SECONDS;
  }
}

const toRecording = (lines: readonly string[]): Recording => ({
  lines,
  from: secondsOf(lines[0] as string),
  to: secondsOf(lines.at(-1) as string),
});

const secondsOf = (line: string): number => Date.parse(`${TIME.exec(line)?.[1]}Z`) / 1_000;

/** Moves a line by so many seconds and pids. Works on the text: parsing would round the times. A key with its quotes cannot stand inside a string of JSON. */
export const mover = (seconds: number, pids: number) => {
  let second = '';
  let moved = '';
  const movePid = (_: string, key: string, pid: string) =>
    `${key}${pid === '0' ? 0 : ((Number(pid) + pids) % MAX_PID) + 1}`;
  const moveNanos = (_: string, key: string, whole: string, rest: string) => `${key}${Number(whole) + seconds}${rest}`;
  const moveTime = (_: string, text: string, rest = '') => {
    if (text !== second) {
      second = text;
      moved = new Date(Date.parse(`${text}Z`) + seconds * 1_000).toISOString().slice(0, 19);
    }
    return `"time":"${moved}${rest}Z"`;
  };
  return (line: string): string => line.replace(PIDS, movePid).replace(NANOS, moveNanos).replace(TIME, moveTime);
};
