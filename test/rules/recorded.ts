import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Fields } from './falco-condition.ts';

/** One recorded event: its line, and its fields with more of its ancestors than the recording printed. */
export interface Recorded {
  readonly line: string;
  readonly fields: Fields;
}

const DEPTH = 8;

/**
 * The events of a recording. It printed paths and command lines of the nearest three ancestors only, while a condition without
 * an index looks at all: what else is known of an ancestor, from its own executions, is filled in.
 */
export const readRecorded = (path: string): readonly Recorded[] => {
  const programs = new Map<unknown, { exepath: unknown; cmdline: unknown; parent: unknown }>();
  return gunzipSync(readFileSync(path))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const fields: Record<string, unknown> = JSON.parse(line).output_fields;
      if (fields['proc.exepath'])
        programs.set(fields['proc.pid'], {
          exepath: fields['proc.exepath'],
          cmdline: fields['proc.cmdline'],
          parent: fields['proc.ppid'],
        });
      let pid = fields['proc.ppid'];
      for (let n = 1; n <= DEPTH; n++) {
        const program = programs.get(fields[`proc.apid[${n}]`] ?? pid);
        if (!program) break;
        fields[`proc.aexepath[${n}]`] ??= program.exepath;
        fields[`proc.acmdline[${n}]`] ??= program.cmdline;
        pid = program.parent;
      }
      return { line, fields };
    });
};
