import { argsOf, type ProcessFacts } from '../model/catalogue.ts';
import type { EventProcess } from '../model/event.ts';
import type { Starter } from '../model/session.ts';
import { isLauncher } from './launcher.ts';

/** A package manager at work on packages, which runs their scripts; `npm run` and `npx` run what a person asked for. */
const INSTALLS =
  /(^|[/ ])(npm|npm-cli\.js|pnpm|pnpm\.c?js|yarn|yarn\.js|yarn-\S+\.c?js|bun)( -\S+)* (install|i|in|ci|add|update|up|upgrade|rebuild|rb|install-test|it)( |$)/;
/** `yarn` alone installs. */
const BARE_YARN = /(^|[/ ])(yarn|yarn\.js)( -\S+)*$/;
/** Steps of which npm, pnpm and yarn tell their scripts, where a Falco rule prints the variable. */
const LIFECYCLE = /^(pre|post)?(install|prepare|rebuild|uninstall)$/;

/** Who started an agent, by the processes above it, the parent first. `nested`: one of them belongs to a session. */
export const starterOf = (
  process: EventProcess | undefined,
  above: readonly ProcessFacts[],
  nested: boolean,
): Starter => {
  const step = process?.env.npm_lifecycle_event;
  if (step !== undefined && LIFECYCLE.test(step)) return 'lifecycle-script';
  const manager = above.findIndex(isInstall);
  // The script's shell stands between; a package manager that starts an agent directly was asked for it.
  const script = manager > 0 && above.slice(0, manager).some(({ exepath, name }) => isLauncher(exepath ?? name));
  if (script) return 'lifecycle-script';
  return nested ? 'agent' : 'user';
};

const isInstall = (facts: ProcessFacts): boolean => {
  const { cmdline = '', exepath } = facts;
  if (isLauncher(exepath)) return false;
  // Package managers rename themselves: `npm install x` may be all that is left of `node /usr/bin/npm install x`.
  return [cmdline, argsOf(facts)].some((line) => INSTALLS.test(line) || BARE_YARN.test(line));
};
