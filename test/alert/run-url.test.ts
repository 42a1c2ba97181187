import { describe, expect, it } from 'vitest';
import { alertConfig } from '../../src/alert/config.ts';
import { runUrl } from '../../src/alert/run-url.ts';
import type { Session } from '../../src/model/session.ts';
import { aSession, config } from './timeline.ts';

const { ciServers } = alertConfig.parse({
  ciServers: {
    github: ['https://github.com', 'https://git.acme.example'],
    gitlab: ['https://gitlab.com', 'https://acme.example/gitlab/'],
    jenkins: ['https://ci.acme.example/jenkins'],
  },
});
const linkOf = (ciServer: string, scope: Session['scope'], runId = '7') =>
  runUrl(aSession({ ciServer, scope, runId }), ciServers);

describe('the page of a run', () => {
  it.each([
    ['https://github.com', { repository: 'acme/shop' }, 'https://github.com/acme/shop/actions/runs/7'],
    ['https://git.acme.example', { repository: 'acme/shop' }, 'https://git.acme.example/acme/shop/actions/runs/7'],
    ['https://gitlab.com', { repository: 'acme/web/shop' }, 'https://gitlab.com/acme/web/shop/-/pipelines/7'],
    ['https://acme.example/gitlab', { repository: 'acme/shop' }, 'https://acme.example/gitlab/acme/shop/-/pipelines/7'],
    ['https://ci.acme.example/jenkins/', { job: 'nightly' }, 'https://ci.acme.example/jenkins/job/nightly/7/'],
    [
      'https://ci.acme.example/jenkins/',
      { job: 'web/shop/fix%2Fcart' },
      'https://ci.acme.example/jenkins/job/web/job/shop/job/fix%252Fcart/7/',
    ],
  ])('at %s, of %o', (server, scope, url) => {
    expect(linkOf(server, scope)).toBe(url);
  });

  it.each([
    'https://evil.example',
    'https://github.com.evil.example',
    'https://github.com@evil.example',
    'https://github.com/evil',
    'http://github.com',
    'javascript:alert(1)//https://github.com',
    '',
  ])('is not given for a server that nobody configured: %j', (server) => {
    expect(linkOf(server, { repository: 'acme/shop', job: 'fix' })).toBeUndefined();
  });

  it.each([
    ['https://github.com', { repository: 'acme/..' }],
    ['https://github.com', { repository: 'acme/web/shop' }],
    ['https://github.com', { repository: 'acme/shop?x=' }],
    ['https://gitlab.com', { repository: '../../evil/x' }],
    ['https://gitlab.com', { repository: 'acme//shop' }],
    ['https://gitlab.com', { repository: 'acme/shop#' }],
    ['https://ci.acme.example/jenkins', { job: '../evil' }],
    ['https://ci.acme.example/jenkins', { job: 'a/../../evil' }],
    ['https://ci.acme.example/jenkins', { job: 'a\nb' }],
    ['https://ci.acme.example/jenkins', { job: 'a\ud800' }],
    ['https://ci.acme.example/jenkins', {}],
  ])('is not given at %s for what is no plain name: %o', (server, scope) => {
    expect(linkOf(server, scope)).toBeUndefined();
  });

  it.each(['', '0', '7/../8', '7 ', '1'.repeat(21)])('is not given for the run %j', (runId) => {
    expect(linkOf('https://github.com', { repository: 'acme/shop' }, runId)).toBeUndefined();
  });

  it('knows github.com and gitlab.com unless told otherwise', () => {
    expect(config.ciServers).toEqual({ github: ['https://github.com'], gitlab: ['https://gitlab.com'], jenkins: [] });
  });
});

it.each(['ftp://x', 'https://x/?a', 'https://x#a', 'https://bob@x', 'x'])('refuses the server %j', (server) => {
  expect(alertConfig.safeParse({ ciServers: { github: [server] } }).success).toBe(false);
});
