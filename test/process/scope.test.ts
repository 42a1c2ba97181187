import { expect, test } from 'vitest';
import { scopeOfPod } from '../../src/process/scope.ts';
import { below, exec, open } from '../support/events.ts';
import { claude, tool } from './cast.ts';
import { run } from './run.ts';

const bare = { ...claude, env: {} };
const origin = { pod: 'runner-set-x7k2p', namespace: 'ci' };
const told = tool(bare, 110, 500);
const liar = { ...told, env: { GITHUB_REPOSITORY: 'evil/other' } };

test('the agent’s own environment tells the scope', () => {
  expect(run([exec(110, claude)]).starts[0]).toMatchObject({
    scope: { repository: 'acme/shop', workflow: 'agent', job: 'fix' },
    scopeSource: 'environment',
    runId: '7',
  });
});

test.each([
  [
    { CI_PROJECT_PATH: 'g/p', CI_JOB_NAME: 'lint', CI_PIPELINE_ID: '9' },
    { repository: 'g/p', job: 'lint' },
  ],
  [{ JOB_NAME: 'nightly', BUILD_ID: '4' }, { job: 'nightly' }],
])('GitLab and Jenkins: %o', (env, scope) => {
  expect(run([exec(110, { ...claude, env })]).starts[0]?.scope).toEqual(scope);
});

test.each([
  [{ GITHUB_REPOSITORY: 'a/b' }, 'https://github.com'],
  [{ GITHUB_REPOSITORY: 'a/b', GITHUB_SERVER_URL: 'https://git.acme.example' }, 'https://git.acme.example'],
  [{ CI_PROJECT_PATH: 'g/p', CI_SERVER_URL: 'https://gitlab.acme.example' }, 'https://gitlab.acme.example'],
  [{ CI_PROJECT_PATH: 'g/p' }, undefined],
  [{ JOB_NAME: 'nightly', JENKINS_URL: 'https://ci.acme.example/' }, 'https://ci.acme.example/'],
])('the server of a job: %o', (env, server) => {
  expect(run([exec(110, { ...claude, env })]).starts[0]?.ciServer).toBe(server);
});

test('what the processes leave out comes from the configuration', () => {
  const settings = { scope: { repository: 'x/y', workflow: 'nightly' } };
  const { starts } = run([exec(110, { ...claude, env: { CI_PROJECT_PATH: 'g/p' } })], settings);
  expect(starts[0]).toMatchObject({ scope: { repository: 'g/p', workflow: 'nightly' }, scopeSource: 'environment' });
  expect(run([exec(110, bare)], settings).starts[0]).toMatchObject({ scopeSource: 'config', scope: settings.scope });
});

test('a child’s environment counts only while nothing better is known', () => {
  const last = (...args: Parameters<typeof run>) => run(...args).sessions[0];
  expect(last([exec(110, bare), exec(500, liar)])).toMatchObject({ scopeSource: 'descendant' });
  expect(last([exec(110, claude), exec(500, below(claude, { ...liar }))])?.scope.repository).toBe('acme/shop');
  const configured = last([exec(110, bare), exec(500, liar)], { scope: { repository: 'x/y' } });
  expect(configured).toMatchObject({ scope: { repository: 'x/y' }, scopeSource: 'config' });
});

test('the agent’s own environment, seen later, overrules a child’s', () => {
  const { sessions } = run([open(500, { ...liar, above: [claude] }, '/a'), open(600, claude, '/b')]);
  expect(sessions[0]).toMatchObject({ scope: { repository: 'acme/shop' }, scopeSource: 'environment' });
});

test('the pod’s name, for want of anything better', () => {
  const { starts } = run([exec(110, { ...bare, origin })]);
  expect(starts[0]).toMatchObject({
    scope: { job: 'ci/runner-set' },
    scopeSource: 'pod',
    pod: origin.pod,
    namespace: 'ci',
  });
  const { starts: better } = run([exec(110, { ...claude, origin })]);
  expect(better[0]).toMatchObject({ scopeSource: 'environment', pod: origin.pod });
});

test.each([
  ['web-7d9c5bdf6b-x7k2p', 'web'],
  ['build-task-pod', 'build-task-pod'],
  ['runner-set-x7k2p', 'runner-set'],
])('pods of one make have one name: %s', (pod, job) => {
  expect(scopeOfPod({ pod })).toEqual({ job });
});
