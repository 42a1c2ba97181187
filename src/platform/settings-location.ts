import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Directory for what must outlive the process: `$XDG_STATE_HOME/NAME`, else `~/.local/state/NAME`. */
export const stateHome = (name: string, env: Env): string => join(xdg(env, 'XDG_STATE_HOME', '.local/state'), name);

/** The settings file to read when none is named: the first of three places that holds one. */
export const findSettingsFile = (name: string, env: Env, cwd: string): string | undefined => {
  const here = `${name}.yaml`;
  if (existsSync(join(cwd, here))) return here;
  return [join(xdg(env, 'XDG_CONFIG_HOME', '.config'), name, here), join('/etc', name, here)].find(existsSync);
};

/** The XDG specification has relative paths ignored. */
const xdg = (env: Env, variable: string, fallback: string): string => {
  const set = env[variable];
  return set !== undefined && isAbsolute(set) ? set : join(env.HOME ?? homedir(), fallback);
};
