import type { EventOrigin } from '../model/event.ts';
import type { Scope, Trigger } from '../model/session.ts';

/** Variables that name the CI job, in the order in which they are believed: GitHub Actions, GitLab CI, Jenkins. */
const REPOSITORY = ['GITHUB_REPOSITORY', 'CI_PROJECT_PATH'];
const WORKFLOW = ['GITHUB_WORKFLOW', 'CI_PIPELINE_NAME'];
const JOB = ['GITHUB_JOB', 'CI_JOB_NAME', 'JOB_NAME'];
const EVENT = ['GITHUB_EVENT_NAME', 'CI_PIPELINE_SOURCE'];
const REF = ['GITHUB_REF', 'CI_COMMIT_REF_NAME', 'BRANCH_NAME'];
const RUN = ['GITHUB_RUN_ID', 'CI_PIPELINE_ID', 'BUILD_ID'];
const SERVER = ['GITHUB_SERVER_URL', 'CI_SERVER_URL', 'JENKINS_URL'];

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
  return compact({ repository, workflow, job });
};

export const runIdOf = (env: Env): string | undefined => first(env, RUN);

/** Where the CI server is. A job of GitHub's that does not say so, as with rules that do not ask, is one of github.com. */
export const ciServerOf = (env: Env): string | undefined =>
  first(env, SERVER) ?? (env.GITHUB_REPOSITORY === undefined ? undefined : 'https://github.com');

/** What set the job off; undefined where nothing tells. */
export const triggerOf = (env: Env): Trigger | undefined => {
  const event = first(env, EVENT);
  const ref = first(env, REF);
  if (event === undefined && ref === undefined) return undefined;
  return { ...(event !== undefined && { event }), ...(ref !== undefined && { ref }) };
};

/** The scope without what is not known. */
export const compact = ({ repository, workflow, job }: { [K in keyof Scope]?: string | undefined }): Scope => ({
  ...(repository !== undefined && { repository }),
  ...(workflow !== undefined && { workflow }),
  ...(job !== undefined && { job }),
});

/** Kubernetes' random endings: five of an alphabet without vowels, and behind a Deployment a hash before them. */
const GENERATED = /(-[bcdfghjklmnpqrstvwxz2456789]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** Where nothing else tells: pods of one make have one name but for its random end. */
export const scopeOfPod = ({ namespace, pod }: EventOrigin): Scope | undefined => {
  if (pod === undefined) return undefined;
  const name = pod.replace(GENERATED, '');
  return { job: namespace === undefined ? name : `${namespace}/${name}` };
};
