import { type Check, none } from './check.ts';
import type { Life, LogLine } from './creance.ts';
import type { Fault, FaultKind } from './plan.ts';

/** Troubles that creance may tell of because of these faults: each once for a fault, and for a life that begins or ends in one. */
interface Expected {
  /** The message and its reason. */
  readonly text: RegExp;
  readonly faults: readonly FaultKind[];
}

const GONE = ['alertmanager killed', 'alertmanager stopped', 'both alertmanagers stopped'] as const;
const REFUSING = ['webhook answers 500', 'webhook hangs'] as const;
const REDIS = ['redis restarted', 'redis paused'] as const;

const EXPECTED: readonly Expected[] = [
  { text: /^Alertmanager does not take alerts/, faults: GONE },
  { text: /^receiver does not take alerts/, faults: REFUSING },
  { text: /^alerts were not delivered before the end/, faults: [...GONE, ...REFUSING] },
  { text: /^Redis does not answer|cannot (?:read|write) the store redis:/, faults: REDIS },
  { text: /^learned sessions were not kept before the end/, faults: REDIS },
  { text: /Trying again until it works\./, faults: ['falco killed'] },
  {
    text: /^the queue to the pipeline is full/,
    faults: ['burst', 'falco killed', 'creance killed', 'creance stopped'],
  },
];

const WARN = 40;

/** Whether creance told of troubles that were brought about, each once, and of nothing else. */
export const judgeLog = (lives: readonly Life[], faults: readonly Fault[]): readonly Check[] => {
  const troubles = lives.flatMap(({ log }) => log.filter(({ level, msg }) => level >= WARN && msg !== 'not ready'));
  const count = (kinds: readonly FaultKind[]) => faults.filter(({ kind }) => kinds.includes(kind)).length;
  const unexpected = troubles.filter(
    (line) => !EXPECTED.some(({ text, faults: kinds }) => text.test(shown(line)) && count(kinds) > 0),
  );
  const tooOften = EXPECTED.flatMap(({ text, faults: kinds }) => {
    const most = count(kinds) + lives.length - 1;
    const times = new Map<string, number>();
    for (const line of troubles.filter((one) => text.test(shown(one)))) {
      const trouble = `${line.msg} ${line.alertmanager ?? ''}`;
      times.set(trouble, (times.get(trouble) ?? 0) + 1);
    }
    return [...times].flatMap(([trouble, told]) => (told > most ? [`${told} × ${trouble} in ${most} episodes`] : []));
  });
  return [
    none('warnings and errors that no fault explains', unexpected.map(shown), ` among ${troubles.length}`),
    none('troubles told more than once an episode', tooOften),
    none(
      'anything but log on standard error',
      lives.flatMap(({ noise }) => noise),
    ),
    none(
      'lives that did not end well when asked',
      lives.flatMap(({ number, end }) =>
        end?.signal === 'SIGTERM' && end.code !== 0 ? [`life ${number + 1}: ${end.code}`] : [],
      ),
    ),
  ];
};

const shown = ({ msg, reason = '' }: LogLine): string => `${msg} ${reason}`.trim();
