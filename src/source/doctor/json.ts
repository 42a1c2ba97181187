import { type Check, checksOf } from '../../model/check.ts';
import type { FalcoSettings } from './settings.ts';
import type { ConfigCheck } from './wanted.ts';

const { ok, warning, problem } = checksOf('falco.yaml');

/** What stands in an event. gRPC has its own form; by HTTP and in files an event is whatever these keys make of it. */
export const checkJson: ConfigCheck = (settings, { transport }) =>
  transport === 'grpc'
    ? settings.flag('json_output', false)
      ? [
          warning(
            'json_output',
            'every event carries itself a second time, as JSON in its output line: more than half of what Falco sends',
            'json_output: false\nunless another output needs it',
          ),
        ]
      : [ok('json_output', 'is off, as gRPC needs it')]
    : [
        settings.flag('json_output', false)
          ? ok('json_output', 'is on')
          : problem('json_output', 'is off: what comes is a line for people, not an event', 'json_output: true'),
        ...needed(
          settings,
          'json_include_output_fields_property',
          'events come without their fields, of which everything is made',
        ),
        ...needed(
          settings,
          'json_include_tags_property',
          'events come without tags, by which telemetry is known from alerts',
        ),
      ];

const needed = (settings: FalcoSettings, key: string, detail: string): readonly Check[] =>
  settings.flag(key, true) ? [] : [problem(key, detail, `${key}: true`)];
