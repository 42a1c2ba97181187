import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/platform/redact.ts';

/** Made up, and put together here so that no scanner takes this file for a leak. */
const letters = (count: number) => 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8cF0xR'.repeat(8).slice(0, count);
const upper = (count: number) => 'ABCD2345EFGH67IJ'.repeat(4).slice(0, count);
const pem = (kind: string, end = true) => [
  `-----BEGIN ${kind}PRIVATE KEY-----`,
  letters(64),
  letters(40),
  ...(end ? [`-----END ${kind}PRIVATE KEY-----`] : []),
];
const jwt = `eyJ${letters(33)}.eyJ${letters(60)}.${letters(43)}`;

const secrets: readonly [kind: string, secret: string][] = [
  ['AWS access key', `AKIA${upper(16)}`],
  ['AWS session key', `ASIA${upper(16)}`],
  ['GitHub personal token', `ghp_${letters(36)}`],
  ['GitHub OAuth token', `gho_${letters(36)}`],
  ['GitHub app token', `ghs_${letters(36)}`],
  ['GitHub fine-grained token', `github_pat_${letters(22)}_${letters(59)}`],
  ['GitLab token', `glpat-${letters(20)}`],
  ['npm token', `npm_${letters(36)}`],
  ['PyPI token', `pypi-AgEIcHlwaS5vcmc${letters(140)}`],
  ['Anthropic key', `sk-ant-api03-${letters(90)}-${letters(5)}`],
  ['OpenAI key', `sk-${letters(48)}`],
  ['OpenAI project key', `sk-proj-${letters(60)}_${letters(40)}`],
  ['Stripe key', `sk_live_${letters(24)}`],
  ['Slack bot token', `xoxb-123456789012-1234567890123-${letters(24)}`],
  ['Slack user token', `xoxp-123456789012-123456789012-${letters(32)}`],
  ['Google key', `AIza${letters(35)}`],
  ['Hugging Face token', `hf_${letters(34)}`],
  ['JWT', jwt],
  ['RSA key', pem('RSA ').join('\n')],
  ['OpenSSH key', pem('OPENSSH ').join('\n')],
  ['PKCS 8 key on one line', pem('').join('\\n')],
  ['key that was cut short', pem('EC ', false).join('\n')],
];

describe('redact, by shape', () => {
  it.each(secrets)('takes out a %s', (_, secret) => {
    for (const text of [secret, `curl -d "${secret}" x`, `a=${secret}`, `echo ${secret}`, `(${secret})`]) {
      expect(redact(text)).not.toContain(secret.slice(-12));
      expect(redact(text)).toContain('[redacted');
    }
  });
});

const given: readonly [text: string, expected: string][] = [
  ['git clone https://bob:hunter2@git.example/x.git', 'git clone https://bob:[redacted]@git.example/x.git'],
  ['psql postgres://app:p@ss:w0rd@db:5432/shop', 'psql postgres://app:[redacted]@db:5432/shop'],
  [`git clone https://${letters(40)}@git.example/x`, 'git clone https://[redacted]@git.example/x'],
  ['redis://:hunter2@cache:6379', 'redis://:[redacted]@cache:6379'],
  ["curl -H 'Authorization: Bearer abc.def-123' x", "curl -H 'Authorization: Bearer [redacted]' x"],
  ['curl -H "authorization: token abc123"', 'curl -H "authorization: token [redacted]"'],
  ['{"Authorization": "Basic Ym9iOmh1bnRlcjI="}', '{"Authorization": "Basic [redacted]"}'],
  [`sent Bearer ${letters(24)} along`, 'sent Bearer [redacted] along'],
  ['curl -u bob:hunter2 https://x', 'curl -u bob:[redacted] https://x'],
  ['curl --user bob:hunter2 https://x', 'curl --user bob:[redacted] https://x'],
  ['DB_PASSWORD=hunter2 npm start', 'DB_PASSWORD=[redacted] npm start'],
  ['export AWS_SECRET_ACCESS_KEY="wJalr/K7MDENG+x y"', 'export AWS_SECRET_ACCESS_KEY=[redacted]'],
  ['SIGNING_KEY=abc env', 'SIGNING_KEY=[redacted] env'],
  ['MYSQL_PWD=abc mysql', 'MYSQL_PWD=[redacted] mysql'],
  ['npm config set //registry/:_authToken=abc', 'npm config set //registry/:_authToken=[redacted]'],
  ['tool --password hunter2 --verbose', 'tool --password [redacted] --verbose'],
  ['tool --api-key=abc --token "a b"', 'tool --api-key=[redacted] --token [redacted]'],
  ['https://x/?access_token=abc&page=2', 'https://x/?access_token=[redacted]&page=2'],
  ['{"password": "hunter2", "user": "bob"}', '{"password": [redacted], "user": "bob"}'],
  ['curl -H "x-api-key: abc"', 'curl -H "x-api-key: [redacted]"'],
  ['sshpass -p hunter2 ssh host', 'sshpass -p [redacted] ssh host'],
];

const harmless = [
  'npm test -- --max-tokens 4096',
  'MAX_TOKENS=4096 node tokenizer.js',
  'read of secret:aws outside the workspace',
  'SyntaxError: Unexpected token: foo',
  'docker run -u 1000:1000 image',
  'docker login --password-stdin registry.example',
  'git clone ssh://git@github.com/acme/shop.git',
  'https://github.com/acme/shop/actions/runs/1',
  'AUTHOR=jane git commit',
  'kubectl get secret my-app',
  'cat /run/secrets/kubernetes.io/serviceaccount/token',
  'task-runner-for-the-big-refactoring-of-everything',
  'commit 73d13b2f0c6e4a5d8b9c1e2f3a4b5c6d7e8f9a0b',
  'Basic authentication and bearer authentication',
  'mailto bob@example.org',
];

describe('redact, by what stands around', () => {
  it.each(given)('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each(harmless)('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('redact, whatever comes', () => {
  it('leaves clean what is clean', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => redact(redact(text)) === redact(text)));
  });

  it.each([
    'secret',
    'a://',
    '-----BEGIN PRIVATE KEY-----',
    '"token',
    '-',
    'x_',
    'bearer ',
    'sk-ant-',
    'eyJ',
    'a.',
    '@:',
    ' -u ',
  ])('is quick with a long run of %j', (piece) => {
    const text = piece.repeat(100_000 / piece.length);
    const begun = performance.now();
    redact(text);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
