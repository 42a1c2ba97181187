import type { Acceptance, Place } from '../model/acceptance.ts';
import type { Alert } from '../model/alert.ts';
import type { KnownIncident } from '../model/known-incident.ts';
import { type Nanos, toIso } from '../model/time.ts';
import { printable } from '../platform/printable.ts';

const MAX_NAME = 300;
const MAX_SUMMARY = 160;

/** A line for each incident, the newest first. */
export const incidentsText = (incidents: readonly KnownIncident[]): string =>
  incidents.length === 0
    ? 'no incident is known\n'
    : incidents
        .map(({ alert: { incident, startsAt, labels, annotations }, state }) => {
          const facts = [incident?.id ?? '', day(startsAt), state.padEnd(8), (labels.severity ?? '').padEnd(8)];
          return `${[...facts, whereOf(labels), printable(annotations.summary ?? '', MAX_SUMMARY)].join('  ')}\n`;
        })
        .join('');

/** One incident in full. */
export const incidentText = ({ alert, state, accusations, partial }: KnownIncident): string => {
  const { labels, annotations, startsAt, endsAt, incident, generatorURL } = alert;
  const { summary = '', description = '', expected = '', where = '', sessions = '', count = '' } = annotations;
  const rows: readonly (readonly [name: string, text: string | undefined])[] = [
    ['state', state],
    ['since', toIso(startsAt)],
    ['resolved', endsAt === undefined ? undefined : toIso(endsAt)],
    ['severity', labels.severity],
    ['rule', [labels.detector, labels.rule].join(' ')],
    ['agent', labels.agent],
    ['where', where],
    ['run', generatorURL],
    ['told', `findings: ${count}, sessions: ${sessions}`],
    ['expected', expected],
  ];
  return [
    `${incident?.id ?? ''}  ${printable(summary, MAX_NAME)}`,
    ...rows.flatMap(([name, text]) => (text ? [`  ${name.padEnd(9)} ${printable(text, MAX_NAME)}`] : [])),
    '  what happened, accused steps marked:',
    ...description.split('\n').map((line) => `    ${printable(line, MAX_NAME)}`),
    `  \`creance accept ${incident?.id ?? ''}.${accusations}\` makes known:`,
    ...(incident?.places ?? []).flatMap(placeLines),
    ...(partial ? ['  and it accuses more than is kept: that stays accused, and the alert fires on'] : []),
    '',
  ].join('\n');
};

/** What is accepted, by whom, until when, and what that makes known. */
export const acceptedText = (accepted: readonly Acceptance[], now: Nanos): string =>
  accepted.length === 0
    ? 'nothing is accepted\n'
    : accepted
        .map((acceptance) => {
          const { incident, at, by, expires, reason, summary, places } = acceptance;
          const until =
            expires === undefined ? 'for good' : `${isOver(acceptance, now) ? 'expired' : 'until'} ${day(expires)}`;
          return [
            `${incident}  accepted ${day(at)} by ${printable(by, 80)}, ${until}${reason === undefined ? '' : `: ${printable(reason, MAX_NAME)}`}`,
            `  ${printable(summary, MAX_SUMMARY)}`,
            ...places.flatMap(placeLines),
            '',
          ].join('\n');
        })
        .join('');

const isOver = ({ expires }: Acceptance, now: Nanos): boolean => expires !== undefined && expires <= now;

const placeLines = ({ scope, agent, names }: Place): readonly string[] => [
  `    ${printable([scope.repository, scope.workflow, scope.job].filter((part) => part !== undefined).join(' / ') || 'no scope', 250)}, ${printable(agent, 40)}:`,
  ...names.map((name) => `      ${printable(name, MAX_NAME)}`),
];

const whereOf = ({ repository, workflow, job }: Alert['labels']): string =>
  printable([repository, workflow, job].filter((part) => part !== undefined).join('/') || '-', 100);

const day = (time: Nanos): string => `${toIso(time).slice(0, 16)}Z`;
