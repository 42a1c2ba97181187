import { type Check, checksOf } from '../../model/check.ts';
import { TELEMETRY_TAG } from '../queue/worth-json.ts';
import type { FalcoSettings } from './settings.ts';
import type { ConfigCheck } from './wanted.ts';

const { ok, warning, problem, skipped } = checksOf('falco.yaml');

/** Which rules Falco loads, and which of their matches it reports. */
export const checkRules: ConfigCheck = (settings) => [
  checkFiles(settings),
  ...checkSelection(settings),
  checkMatching(settings),
  checkPriority(settings),
  checkSuggested(settings),
];

/** `rules_file` is what `rules_files` was called before Falco 0.38; both are read. */
const RULES_KEYS = ['rules_files', 'rules_file', 'rule_files'];

const checkFiles = (settings: FalcoSettings): Check => {
  const entries = RULES_KEYS.flatMap((key) => settings.list(key)).filter((entry) => typeof entry === 'string');
  const own = entries.find((entry) => /creance/i.test(entry));
  if (own !== undefined) return ok('rules_files', `${own} is loaded`);
  const folder = entries.find((entry) => !/\.ya?ml$/.test(entry));
  if (folder !== undefined) {
    return skipped('rules_files', `creance’s rules may be in ${folder}: whether they are, telemetry tells`);
  }
  return problem(
    'rules_files',
    'creance’s rules are not loaded: Falco does not report what agents do',
    'put rules/falco/*.yaml where Falco finds them, and write:\nrules_files:\n  - /etc/falco/rules.d',
  );
};

/** `rules:` switches rules on and off, in order; the last that fits counts. */
const checkSelection = (settings: FalcoSettings): readonly Check[] => {
  let enabled = true;
  for (const step of settings.list('rules') as readonly Partial<Record<'enable' | 'disable', Selector>>[]) {
    if (concernsUs(step?.disable)) enabled = false;
    if (concernsUs(step?.enable)) enabled = true;
  }
  if (enabled) return [];
  return [
    problem(
      'rules',
      'switches creance’s rules off',
      `rules:\n  - enable:\n      tag: ${TELEMETRY_TAG}\nas the last entry`,
    ),
  ];
};

interface Selector {
  readonly rule?: unknown;
  readonly tag?: unknown;
}

const concernsUs = (selector: Selector | undefined): boolean =>
  selector?.tag === TELEMETRY_TAG || (typeof selector?.rule === 'string' && /^(\*|Agent \*)$/.test(selector.rule));

const checkMatching = (settings: FalcoSettings): Check =>
  settings.text('rule_matching') === 'all'
    ? ok('rule_matching', 'every rule that matches an event reports it')
    : warning(
        'rule_matching',
        'only the first rule that matches an event reports it: Falco’s own rules take events away from the telemetry, or it from them',
        'rule_matching: all',
      );

const PRIORITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug'];
const INFORMATIONAL = PRIORITIES.indexOf('informational');

const checkPriority = (settings: FalcoSettings): Check => {
  const text = settings.text('priority')?.toLowerCase() ?? 'debug';
  const level = PRIORITIES.indexOf(text === 'info' ? 'informational' : text);
  if (level === PRIORITIES.length - 1) return ok('priority', 'rules of every priority are loaded');
  if (level === INFORMATIONAL) {
    return warning(
      'priority',
      'Falco does not tell when it loses events: its own report has the priority debug',
      'priority: debug',
    );
  }
  const detail =
    level < 0
      ? `${text} is no priority`
      : `rules below ${text} are not loaded, and telemetry is notice and informational`;
  return problem('priority', detail, 'priority: debug');
};

const checkSuggested = (settings: FalcoSettings): Check => {
  const suggested = settings
    .list('append_output')
    .some((item) => (item as { suggested_output?: unknown } | null)?.suggested_output === true);
  return suggested
    ? ok('append_output', 'events tell their container and pod, where the container plugin is loaded')
    : warning(
        'append_output',
        'events do not tell their container and pod',
        'append_output:\n  - suggested_output: true',
      );
};
