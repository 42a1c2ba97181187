import { InvalidArgumentError, Option } from 'commander';
import { type AppDeps, openKnowledge } from '../app/knowledge.ts';
import { replayFile } from '../app/replay.ts';
import { type Config, configSchema } from '../config.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { type Trial, tuneText } from '../report/tune.ts';
import { EXIT, helpEnd, type Register, withConfig } from './command.ts';
import { recordingName, recordingsOf } from './files.ts';

interface TuneFlags {
  readonly try?: readonly string[];
}

/** `creance tune`: recorded sessions judged as things stand and as they would, and the alerts in which that differs. */
export const registerTune: Register = (program, shell) => {
  program
    .command('tune')
    .description('what if: judge recorded sessions again under changed settings or another baseline')
    .argument('<file...>', 'recordings, or directories of recordings')
    .addOption(
      new Option('--try <key=value>', 'a setting as it would be; may be repeated')
        .argParser((text: string, before: readonly string[] = []) => {
          if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('Write KEY=VALUE.');
          return [...before, text];
        })
        .makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      helpEnd([
        [
          'creance tune --try detect.baseline.falseAlertsPerSession=0.1 recordings/',
          'what if ten times as many were put up with?',
        ],
        ['creance tune --try store=file:other recordings/', 'what if that baseline were ours?'],
      ]),
    )
    .action(
      withConfig(shell, async ({ config, log, signal }, paths: readonly string[], flags: TuneFlags) => {
        const [before, after] = [config, changed(config, flags.try ?? [])].map((one) => ({ config: one, log, signal }));
        if (!before || !after) return EXIT.failure;
        const trials: Trial[] = [];
        const [known, other] = [await openKnowledge(before), await openKnowledge(after)];
        for (const path of recordingsOf(paths)) {
          if (signal.aborted) break;
          trials.push({
            recording: recordingName(path),
            before: await findingsOf(path, known, before),
            after: await findingsOf(path, other, after),
          });
        }
        await Promise.all([known.store.close(), other.store.close()]);
        shell.stdout.write(tuneText(trials));
        return EXIT.ok;
      }),
    );
};

type Knowledge = Awaited<ReturnType<typeof openKnowledge>>;

const findingsOf = async (path: string, knowledge: Knowledge, deps: AppDeps): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  const onVerdict = ({ raised }: Verdict) => findings.push(...raised);
  await replayFile(path, knowledge, deps, { learning: 'frozen', onVerdict });
  return findings;
};

/** The configuration with some keys changed. Throws with one message that names what is wrong. */
const changed = (config: Config, pairs: readonly string[]): Config => {
  const copy = structuredClone(config) as Record<string, unknown>;
  for (const pair of pairs) {
    const [key = '', ...rest] = pair.split('=');
    const path = key.split('.');
    const last = path.pop() ?? '';
    let at: Record<string, unknown> = copy;
    for (const part of path) {
      const next = Object.hasOwn(at, part) ? at[part] : undefined;
      if (typeof next !== 'object' || next === null) throw new Error(`there is no setting ${key}`);
      at = next as Record<string, unknown>;
    }
    at[last] = readValue(rest.join('='));
  }
  const result = configSchema.safeParse(copy);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] ?? { path: [], message: 'wrong' };
  throw new Error(`${path.join('.') || pairs.join(' ')}: ${message}`);
};

const readValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
