import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { actionConfig } from './action/config.ts';
import { alertConfig } from './alert/config.ts';
import { detectConfig } from './detect/config.ts';
import { logConfig, serverConfig } from './platform/config.ts';
import { type Flag, loadSettings, type SettingsSources } from './platform/settings.ts';
import { describeSettings } from './platform/settings-key.ts';
import { findSettingsFile, stateHome } from './platform/settings-location.ts';
import { printSettings } from './platform/settings-print.ts';
import { type Origin, type Problem, problemMessage } from './platform/settings-problem.ts';
import { settingsReference } from './platform/settings-reference.ts';
import { processConfig } from './process/config.ts';
import { sourceConfig } from './source/config.ts';

const STORE = /^(memory:|file:.*|rediss?(-sentinel|-cluster)?:\/\/\S+)$/;

/** Everything that can be configured, one line for each section. */
export const configSchema = z.strictObject({
  store: z.string().regex(STORE).default('file:').meta({
    title: '`memory:`, `file:DIR`, `redis://HOST:PORT/DB` or `rediss://HOST:PORT/DB`',
    description: 'Where baselines are kept. `file:` alone is `$XDG_STATE_HOME/creance`, or `~/.local/state/creance`.',
  }),
  graceMs: z
    .int()
    .positive()
    .default(20_000)
    .describe(
      'How long a stop may take to drain, flush and close. In milliseconds; keep it below the pod’s grace period.',
    ),
  source: sourceConfig,
  process: processConfig,
  action: actionConfig,
  detect: detectConfig,
  alert: alertConfig,
  server: serverConfig,
  log: logConfig,
});
export type Config = z.infer<typeof configSchema>;

const description = describeSettings(configSchema, 'CREANCE');

/** Every key that there is, with its name in the environment. */
export const configKeys = description.keys;

/** Names the settings file, as `--config` does. */
const FILE_VARIABLE = 'CREANCE_CONFIG';

export interface ConfigSources {
  /** The file named by `--config`; without it, the first that is found. */
  readonly file?: string | undefined;
  readonly env: SettingsSources['env'];
  readonly flags: readonly Flag[];
  readonly cwd: string;
}

/** The settings in force, the file they were read from if there was one, and the origin of each that is no default. */
export interface LoadedConfig {
  readonly ok: true;
  readonly config: Config;
  readonly file: string | undefined;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Everything that is wrong, as one message that is ready to print. */
export interface ConfigError {
  readonly ok: false;
  readonly message: string;
}

/** Flags overrule the environment, which overrules the file, which overrules the defaults. */
export const loadConfig = ({ file: named, env, flags, cwd }: ConfigSources): LoadedConfig | ConfigError => {
  const { [FILE_VARIABLE]: variable, ...variables } = env;
  const name = named ?? variable ?? findSettingsFile('creance', env, cwd);
  const namedBy: Origin =
    named === undefined ? { kind: 'env', name: FILE_VARIABLE } : { kind: 'flag', name: '--config' };
  const text = name === undefined ? undefined : readText(resolve(cwd, name));
  const problems: Problem[] = [];
  if (text instanceof Error) problems.push({ origin: namedBy, text: `${name} cannot be read: ${text.message}` });
  const file = name !== undefined && typeof text === 'string' ? { name, text } : undefined;
  const loaded = loadSettings(description, { file, env: variables, flags });
  if (!loaded.ok) problems.push(...loaded.problems);
  if (!loaded.ok || problems.length > 0) return { ok: false, message: problemMessage(problems) };
  const { store } = loaded.value;
  const config = { ...loaded.value, store: store === 'file:' ? `file:${stateHome('creance', env)}` : store };
  return { ok: true, config, file: name, origins: loaded.origins };
};

const readText = (path: string): string | Error => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return error as Error;
  }
};

/** The settings in force as YAML, each that is no default with its origin, and no secrets. */
export const printConfig = ({ config, origins }: LoadedConfig): string => printSettings(description, config, origins);

/** JSON Schema of the settings file, for editors and charts. */
export const configJsonSchema = (): object => description.json;

/** The body of the reference page. */
export const configReference = (): string => settingsReference(description);
