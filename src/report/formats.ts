import { html } from './html.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Render } from './report-context.ts';
import { sarif } from './sarif.ts';
import { verdicts } from './verdicts.ts';

/** Every report that can be written to a file, by its name on the command line. */
export const REPORT_FORMATS = { markdown, sarif, junit, verdicts, html } as const satisfies Record<string, Render>;
export type ReportFormat = keyof typeof REPORT_FORMATS;

export const isReportFormat = (text: string): text is ReportFormat => Object.hasOwn(REPORT_FORMATS, text);
