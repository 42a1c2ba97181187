import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { responseOfJson } from '../support/falco-messages.ts';

const DIRECTORY = fileURLToPath(new URL('../recordings/learn/', import.meta.url));

/** The recorded sessions, each as its lines, in order of their names. */
export const recordings = (): readonly (readonly string[])[] =>
  readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .map((name) =>
      gunzipSync(readFileSync(DIRECTORY + name))
        .toString()
        .trim()
        .split('\n'),
    );

/** Some lines of all recordings, spread evenly, so that every agent and phase is in. */
export const someLines = (count: number): readonly string[] => {
  const all = recordings().flat();
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as string);
};

/** What telemetry rules may print besides what stands in the recordings. */
const MORE_FIELDS =
  'evt.is_open_read evt.is_open_write proc.args proc.duration proc.is_exe_writable fs.path.name fs.path.source fs.path.target fd.typechar fd.sip fd.sport fd.l4proto container.id container.name container.image.repository k8s.ns.name k8s.pod.name k8s.pod.uid proc.ppid.ts proc.env[CODEX_THREAD_ID]'.split(
    ' ',
  );
const FIELDS = 60;

/**
 * The same events as Falco's gRPC output sends them where `json_output` is on: 60 fields, those that do not apply as `<NA>`, and
 * the whole JSON document once more as `output`.
 */
export const richMessages = (count: number): readonly Buffer[] =>
  someLines(count).map((line) => {
    const event = JSON.parse(line);
    for (const name of MORE_FIELDS) {
      if (Object.keys(event.output_fields).length >= FIELDS) break;
      event.output_fields[name] ??= null;
    }
    return responseOfJson(JSON.stringify({ ...event, output: line }));
  });

export const bytesOf = (items: readonly (string | Buffer)[]): number =>
  items.reduce((sum, item) => sum + Buffer.byteLength(item), 0);
