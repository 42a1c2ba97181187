import { type Check, checksOf } from '../model/check.ts';
import type { RawRecord } from '../model/record.ts';
import { isRejected } from './envelope.ts';
import { TELEMETRY_TAG, WANTED_FIELDS } from './event.ts';
import { text } from './field.ts';
import { readJson } from './json.ts';
import { KINDS, type Kind, kindOf, NEEDED } from './kinds.ts';
import { createProtoReader } from './proto.ts';

const { ok, warning, problem, skipped } = checksOf('telemetry');

const RULES = 'load creance’s rules: put rules/falco/*.yaml into /etc/falco/rules.d';

/** Watches records go by and says afterwards whether what creance needs was among them. */
export interface Sightings {
  see(record: RawRecord): void;
  /** True once every kind has come: nothing more can be learned. */
  readonly complete: boolean;
  /** `seconds` is how long was looked, where that is what ended it. */
  checks(seconds?: number): readonly Check[];
}

export const createSightings = (): Sightings => {
  const readProto = createProtoReader(WANTED_FIELDS);
  const kinds = new Map<Kind, Set<string>>();
  const printed = new Set<string>();
  let events = 0;
  let telemetry = 0;
  let rejected = 0;
  let example = '';
  return {
    see: (record) => {
      if (record.type === 'gap') return;
      const envelope =
        record.type === 'lost' ? undefined : record.type === 'json' ? readJson(record.text) : readProto(record.bytes);
      if (!envelope || isRejected(envelope)) {
        rejected += 1;
        example ||= envelope?.detail ?? 'it was torn or too long';
        return;
      }
      events += 1;
      if (!envelope.tags.includes(TELEMETRY_TAG)) return;
      telemetry += 1;
      const kind = kindOf(text(envelope.fields['evt.type']) ?? '', text(envelope.fields['evt.arg.flags']));
      const seen = kinds.get(kind) ?? new Set();
      kinds.set(kind, seen);
      for (const name of WANTED_FIELDS) {
        if (!Object.hasOwn(envelope.fields, name)) continue;
        printed.add(name);
        seen.add(name);
      }
    },
    get complete() {
      return kinds.size === KINDS.length;
    },
    checks: (seconds) => {
      const broken =
        rejected === 0
          ? []
          : [
              warning(
                'records',
                `${rejected} records were no events: ${example}`,
                'see json_output, and what else writes there',
              ),
            ];
      if (telemetry === 0) return [...broken, nothing(events, seconds)];
      return [
        ...broken,
        ok('events', `${telemetry} events of creance’s rules came, ${events - telemetry} of other rules`),
        ...kindChecks(kinds),
        ...fieldChecks(kinds, printed),
      ];
    },
  };
};

const nothing = (events: number, seconds: number | undefined): Check => {
  if (events > 0) return problem('events', `${events} events came, none of them of creance’s rules`, RULES);
  if (seconds === undefined) return problem('events', 'there is none', RULES);
  const fix = `run an agent meanwhile, or any command below one; if still nothing comes, ${RULES}`;
  return warning('events', `none came in ${seconds} s: nobody acted, or the rules are not loaded`, fix);
};

const kindChecks = (kinds: ReadonlyMap<Kind, unknown>): readonly Check[] => {
  const absent = KINDS.filter((kind) => !kinds.has(kind));
  const seen = ok('kinds', `came: ${KINDS.filter((kind) => kinds.has(kind)).join(', ')}`);
  // Most commands neither rename nor change their user: what did not come may simply not have happened.
  return absent.length === 0
    ? [seen]
    : [seen, skipped('kinds', `did not come, or nobody did such a thing: ${absent.join(', ')}`)];
};

const fieldChecks = (kinds: ReadonlyMap<Kind, ReadonlySet<string>>, printed: ReadonlySet<string>): readonly Check[] => {
  const missing = [...kinds].flatMap(([kind, seen]) => {
    const lacking = [...NEEDED.always, ...NEEDED[kind]].filter((name) => !seen.has(name));
    return lacking.length === 0 ? [] : [`${kind}: ${lacking.join(', ')}`];
  });
  const absent = [...WANTED_FIELDS].filter((name) => !printed.has(name) && !/\[\d+\]$|^n_drops$/.test(name));
  const pods = ['container.id', 'k8s.pod.name'].some((name) => printed.has(name));
  return [
    missing.length === 0
      ? ok(
          'fields',
          `${printed.size} fields came, among them all that are needed${absent.length > 0 ? `; not printed: ${absent.join(', ')}` : ''}`,
        )
      : problem(
          'fields',
          `events lack what creance is made of: ${missing.join('; ')}`,
          `${RULES}; older copies of them print less`,
        ),
    ...(pods ? [] : [skipped('pods', 'no event tells its container or pod: right outside of Kubernetes')]),
  ];
};
