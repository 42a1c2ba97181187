import { appendFileSync } from 'node:fs';
import type { Severity, Verdict } from '../model/verdict.ts';
import { version } from '../platform/version.ts';
import { REPORT_FORMATS } from '../report/formats.ts';
import { SessionCollector, type SessionReport } from '../report/session-report.ts';
import type { Io } from './command.ts';
import type { ReportTarget } from './report-option.ts';
import { writeWhole } from './whole-file.ts';

/** Sessions of one report, and actions of all of them; beyond it the oldest are left out, and their number is told. */
const MAX_SESSIONS = 1_000;
const MAX_ACTIONS = 50_000;

export interface ReportFilesOptions {
  /** Findings from here on fail the job. */
  readonly floor: Severity;
  readonly housekeeping?: boolean;
  readonly stdout: Io['stdout'];
}

/** The reports of one run, which grow as sessions end. */
export class ReportFiles {
  readonly #targets: readonly ReportTarget[];
  readonly #options: ReportFilesOptions;
  readonly #sessions: SessionReport[] = [];
  #actions = 0;
  #leftOut = 0;
  #recording = '';
  #collector: SessionCollector | undefined;

  constructor(targets: readonly ReportTarget[], options: ReportFilesOptions) {
    this.#targets = targets;
    this.#options = options;
  }

  /** True when this verdict ended a session, so that the reports have grown. Recordings come one after another. */
  take(recording: string, verdict: Verdict): boolean {
    if (this.#targets.length === 0) return false;
    if (!this.#collector || recording !== this.#recording) {
      this.#recording = recording;
      this.#collector = new SessionCollector(recording, this.#options.housekeeping);
    }
    const report = this.#collector.take(verdict);
    if (!report) return false;
    this.#sessions.push(report);
    this.#actions += report.actions.length;
    while (this.#sessions.length > MAX_SESSIONS || (this.#actions > MAX_ACTIONS && this.#sessions.length > 1)) {
      this.#actions -= this.#sessions.shift()?.actions.length ?? 0;
      this.#leftOut++;
    }
    return true;
  }

  /** Writes those that are files of their own, as far as things have come. Throws what the file system says. */
  write(): void {
    for (const { format, file, append } of this.#targets)
      if (file !== '-' && !append && this.#isDue(format)) writeWhole(file, this.#render(format));
  }

  /** Writes all of them, once and for good. */
  end(): void {
    this.write();
    for (const { format, file, append } of this.#targets) {
      if (file === '-') this.#options.stdout.write(this.#render(format));
      else if (append) appendFileSync(file, this.#render(format));
    }
  }

  /** A file of verdicts says that there is one: who waits for it must not find it empty. */
  #isDue(format: ReportTarget['format']): boolean {
    return format !== 'verdicts' || this.#sessions.length > 0;
  }

  #render(format: ReportTarget['format']): string {
    const { floor } = this.#options;
    return REPORT_FORMATS[format](this.#sessions, { version: version(), floor, leftOut: this.#leftOut });
  }
}
