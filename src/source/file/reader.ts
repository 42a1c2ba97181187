import type { RawRecord } from '../../model/record.ts';
import type { SourceConfig } from '../config.ts';
import { createSourceMetrics } from '../metrics.ts';
import type { SourceDeps } from '../source.ts';
import { LineSplitter } from './lines.ts';
import { type FileFault, faultCounter } from './metrics.ts';

/** Turns the bytes of one file into records; whatever cannot be read is told, counted, and a lost record in its place. */
export interface FileReader {
  push(chunk: Buffer): void;
  /** The bytes end here: at the end of the file, or because it was replaced. A last line without its end counts if it is whole. */
  end(): void;
  /** The bytes end here because the rest cannot be read. */
  broken(fault: 'broken-gzip' | 'read-error', error: Error): void;
  /** The file was cut and starts again; what was added after the last look is gone. */
  truncated(): void;
}

export const createFileReader = (
  name: string,
  config: SourceConfig,
  deps: SourceDeps,
  emit: (record: RawRecord) => void,
): FileReader => {
  const { maxLineBytes } = config.file;
  const { records } = createSourceMetrics(deps.registry);
  const read = records.labels('file');
  const count = faultCounter(deps.registry);
  let inLongLines = false;

  const onLine = (text: string) => {
    inLongLines = false;
    read.inc();
    emit({ type: 'json', text });
  };
  const lose = (fault: FileFault) => {
    count(fault);
    emit({ type: 'lost' });
  };
  const lines = new LineSplitter({
    maxLineBytes,
    onLine,
    onTooLong: () => {
      lose('long-line');
      if (!inLongLines) deps.log.warn(`${name}: left out a line of more than ${maxLineBytes} bytes`);
      inLongLines = true;
    },
  });
  const end = () => {
    const rest = lines.rest();
    if (rest === undefined) return;
    if (isWhole(rest)) return onLine(rest);
    // What does not begin as an event does is a line of some log.
    if (rest.trimStart().startsWith('{')) lose('torn-line');
    else count('torn-line');
    deps.log.warn(`${name}: left out the last line, of which only a part was written`);
  };
  return {
    push: (chunk) => lines.push(chunk),
    end,
    broken: (fault, error) => {
      end();
      lose(fault);
      const what = fault === 'broken-gzip' ? 'the gzip data end early or are damaged' : 'reading failed';
      deps.log.error(`${name}: ${what} (${error.message}); what came before was used`);
    },
    truncated: () => {
      end();
      lose('truncated');
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
