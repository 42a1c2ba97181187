import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { isReportFormat, REPORT_FORMATS, type ReportFormat } from '../report/formats.ts';
import type { Io } from './command.ts';

/** Where a report goes. */
export interface ReportTarget {
  readonly format: ReportFormat;
  /** `-` is standard output. */
  readonly file: string;
  /** True for a file that belongs to others as well, who wrote in it before. */
  readonly append: boolean;
}

/** `--report FORMAT=FILE`, which may be repeated. */
export const reportOption = ({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Option =>
  new Option('--report <format=file>', `write a report: ${Object.keys(REPORT_FORMATS).join(', ')}; may be repeated`)
    .default([])
    .argParser((text, before: readonly ReportTarget[]) => {
      const at = text.indexOf('=');
      const [format, file] = [text.slice(0, at), text.slice(at + 1)];
      if (at < 1 || file === '' || !isReportFormat(format))
        throw new InvalidArgumentError(`Write FORMAT=FILE; FORMAT is ${Object.keys(REPORT_FORMATS).join(', ')}.`);
      if (file === '-' && before.some((target) => target.file === '-'))
        throw new InvalidArgumentError('Only one report can go to standard output.');
      const path = file === '-' ? file : resolve(cwd, file);
      // Every step of a GitHub job adds to this file.
      const append =
        format === 'markdown' && !!env.GITHUB_STEP_SUMMARY && path === resolve(cwd, env.GITHUB_STEP_SUMMARY);
      return [...before, { format, file: path, append }];
    });
