import type { Session } from '../model/session.ts';
import type { AlertConfig } from './config.ts';

export type CiServers = AlertConfig['ciServers'];

const RUN_ID = /^[1-9][0-9]{0,19}$/;
const GITHUB_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;
const GITLAB_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}){1,20}$/;
const JENKINS_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.% -]{0,254}(?:\/[A-Za-z0-9_][A-Za-z0-9_.% -]{0,254}){0,20}$/;

/**
 * The page of the run that a session belongs to. All that is known of the run comes from a process's environment, so that
 * the address begins with a server of the configuration, and anything but plain names and numbers gives no link at all.
 */
export const runUrl = (
  { scope: { repository = '', job = '' }, runId = '', ciServer = '' }: Session,
  { github, gitlab, jenkins }: CiServers,
): string | undefined => {
  if (!RUN_ID.test(runId)) return undefined;
  const named = bare(ciServer);
  const among = (servers: readonly string[]) => servers.map(bare).find((server) => server === named);
  const onGithub = among(github);
  if (onGithub !== undefined)
    return GITHUB_NAME.test(repository) ? `${onGithub}/${repository}/actions/runs/${runId}` : undefined;
  const onGitlab = among(gitlab);
  if (onGitlab !== undefined)
    return GITLAB_NAME.test(repository) ? `${onGitlab}/${repository}/-/pipelines/${runId}` : undefined;
  const onJenkins = among(jenkins);
  if (onJenkins === undefined || !JENKINS_NAME.test(job)) return undefined;
  return `${onJenkins}/job/${job.split('/').map(encodeURIComponent).join('/job/')}/${runId}/`;
};

/** Without the slashes at its end, which Jenkins gives and the others do not. */
const bare = (server: string): string => server.replace(/\/+$/, '');
