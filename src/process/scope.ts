import type { Scope } from '../model/session.ts';

/** Variables that name the CI job, in the order in which they are believed: GitHub Actions, GitLab CI, Jenkins. */
const REPOSITORY = ['GITHUB_REPOSITORY', 'CI_PROJECT_PATH'];
const WORKFLOW = ['GITHUB_WORKFLOW', 'CI_PIPELINE_NAME'];
const JOB = ['GITHUB_JOB', 'CI_JOB_NAME', 'JOB_NAME'];
const RUN = ['GITHUB_RUN_ID', 'CI_PIPELINE_ID', 'BUILD_ID'];

type Env = Readonly<Record<string, string>>;

const first = (env: Env, names: readonly string[]): string | undefined => {
  for (const name of names) if (env[name] !== undefined) return env[name];
  return undefined;
};

/** The CI scope that a process's environment tells; undefined when it names none. */
export const scopeOf = (env: Env): Scope | undefined => {
  const repository = first(env, REPOSITORY);
  const workflow = first(env, WORKFLOW);
  const job = first(env, JOB);
  if (repository === undefined && job === undefined) return undefined;
  return {
    ...(repository !== undefined && { repository }),
    ...(workflow !== undefined && { workflow }),
    ...(job !== undefined && { job }),
  };
};

export const runIdOf = (env: Env): string | undefined => first(env, RUN);
