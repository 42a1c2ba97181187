import type { Session } from '../model/session.ts';

const REPOSITORY = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;
const RUN_ID = /^[1-9][0-9]{0,19}$/;

/**
 * The GitHub page of the run that a session belongs to. Both parts come from a process's environment, so that anything
 * but the plain form of a GitHub name and number gives no link at all.
 */
export const runUrl = ({ scope: { repository = '' }, runId = '' }: Session): string | undefined =>
  REPOSITORY.test(repository) && RUN_ID.test(runId)
    ? `https://github.com/${repository}/actions/runs/${runId}`
    : undefined;
