import type { RawRecord } from '../../model/record.ts';
import type { SourceConfig } from '../config.ts';
import { createSourceMetrics } from '../metrics.ts';
import { recordTime } from '../queue/record-time.ts';
import type { SourceDeps } from '../source.ts';
import { LineSplitter } from './lines.ts';
import { faultCounter } from './metrics.ts';

/** Turns the bytes of one file into records, and tells what is wrong with them. */
export interface FileReader {
  push(chunk: Buffer): void;
  /** The bytes end here: at the end of the file, or because it was replaced. A last line without its end counts if it is whole. */
  end(): void;
  /** The bytes end here because the rest cannot be read. Emits a gap after the last event. */
  broken(fault: 'broken-gzip' | 'read-error', error: Error): void;
  /** The file was cut and starts again. */
  truncated(): void;
}

export const createFileReader = (
  name: string,
  config: SourceConfig,
  deps: SourceDeps,
  emit: (record: RawRecord) => void,
): FileReader => {
  const { maxLineBytes } = config.file;
  const { records, countGap } = createSourceMetrics(deps.registry);
  const read = records.labels('file');
  const count = faultCounter(deps.registry);
  let last: string | undefined;
  let inLongLines = false;

  const onLine = (text: string) => {
    inLongLines = false;
    last = text;
    read.inc();
    emit({ type: 'json', text });
  };
  const lines = new LineSplitter({
    maxLineBytes,
    onLine,
    onTooLong: () => {
      count('long-line');
      if (!inLongLines) deps.log.warn(`${name}: left out a line of more than ${maxLineBytes} bytes`);
      inLongLines = true;
    },
  });
  const end = () => {
    const rest = lines.rest();
    if (rest === undefined) return;
    if (isWhole(rest)) return onLine(rest);
    count('torn-line');
    deps.log.warn(`${name}: left out the last line, of which only a part was written`);
  };
  return {
    push: (chunk) => lines.push(chunk),
    end,
    broken: (fault, error) => {
      end();
      count(fault);
      const what = fault === 'broken-gzip' ? 'the gzip data end early or are damaged' : 'reading failed';
      deps.log.error(`${name}: ${what} (${error.message}); what came before was used`);
      const time = last === undefined ? undefined : recordTime({ type: 'json', text: last });
      if (time === undefined) return;
      countGap('malformed');
      emit({ type: 'gap', cause: 'malformed', from: time, to: time });
    },
    truncated: () => {
      end();
      count('truncated');
      deps.log.warn(`${name} was cut: reading it from its start again`);
    },
  };
};

const isWhole = (text: string): boolean => {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
};
