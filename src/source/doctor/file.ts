import { type Check, checksOf } from '../../model/check.ts';
import { filePathOf } from '../transport.ts';
import type { FalcoSettings } from './settings.ts';
import type { ConfigCheck } from './wanted.ts';

const { ok, warning, problem } = checksOf('falco.yaml');

/** The file that Falco writes, or its standard output, when that is what creance reads. */
export const checkFile: ConfigCheck = (settings, { source, transport }) => {
  if (transport !== 'file') return [];
  const path = filePathOf(source.url);
  return [...(path === '-' ? checkStdout(settings) : checkOutput(settings, path)), ...checkBuffer(settings)];
};

const checkStdout = (settings: FalcoSettings): readonly Check[] =>
  settings.flag('stdout_output.enabled', false)
    ? [ok('stdout_output.enabled', 'is on')]
    : [problem('stdout_output.enabled', 'is off: nothing comes to read', 'stdout_output:\n  enabled: true')];

const checkOutput = (settings: FalcoSettings, path: string): readonly Check[] => {
  const fix = `file_output:\n  enabled: true\n  keep_alive: true\n  filename: ${path}`;
  if (!settings.flag('file_output.enabled', false))
    return [problem('file_output.enabled', 'is off: Falco writes no file', fix)];
  const name = settings.text('file_output.filename') ?? '(not set)';
  return [
    ok('file_output.enabled', 'is on'),
    name === path
      ? ok('file_output.filename', `${name} is what creance reads`)
      : warning(
          'file_output.filename',
          `Falco writes ${name}, and source.url names ${path}: right only where both are the same file`,
          fix,
        ),
  ];
};

const checkBuffer = (settings: FalcoSettings): readonly Check[] =>
  settings.flag('buffered_outputs', false)
    ? [
        warning(
          'buffered_outputs',
          'Falco holds lines back until a buffer is full: they come late, and some not at all when it is killed',
          'buffered_outputs: false',
        ),
      ]
    : [];
