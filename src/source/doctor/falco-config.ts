import { type Check, checksOf } from '../../model/check.ts';
import type { SourceConfig } from '../config.ts';
import { transportOf } from '../transport.ts';
import { checkCapture } from './capture.ts';
import { checkFile } from './file.ts';
import { checkGrpc } from './grpc.ts';
import { checkHttp } from './http.ts';
import { checkJson } from './json.ts';
import type { FalcoRelease } from './release.ts';
import { checkRules } from './rules.ts';
import { readFalcoSettings } from './settings.ts';
import type { ConfigCheck } from './wanted.ts';

const CHECKS: readonly ConfigCheck[] = [checkGrpc, checkHttp, checkFile, checkJson, checkRules, checkCapture];

/** Says what in a falco.yaml is missing or harmful for us, and what to write instead. Pure. */
export const checkFalcoConfig = (
  name: string,
  text: string,
  source: SourceConfig,
  release?: FalcoRelease,
): readonly Check[] => {
  const { problem } = checksOf('falco.yaml');
  const settings = readFalcoSettings(text);
  if ('problem' in settings) return [problem(name, settings.problem, 'mend the file; Falco does not start with it')];
  const wanted = { source, transport: transportOf(source.url), release };
  return CHECKS.flatMap((check) => check(settings, wanted));
};
