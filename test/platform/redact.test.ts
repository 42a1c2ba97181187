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
  ['GitLab job token', `glcbt-64_${letters(20)}`],
  ['GitLab runner token', `glrt-t1_${letters(20)}`],
  ['npm token', `npm_${letters(36)}`],
  ['PyPI token', `pypi-AgEIcHlwaS5vcmc${letters(140)}`],
  ['Anthropic key', `sk-ant-api03-${letters(90)}-${letters(5)}`],
  ['Anthropic OAuth token', `sk-ant-oat01-${letters(80)}_${letters(10)}AA`],
  ['OpenAI key', `sk-${letters(48)}`],
  ['OpenAI project key', `sk-proj-${letters(60)}_${letters(40)}`],
  ['Stripe key', `sk_live_${letters(24)}`],
  ['Stripe webhook secret', `whsec_${letters(32)}`],
  ['Slack app token', `xapp-1-A0123456789-1234567890123-${letters(64)}`],
  ['Slack bot token', `xoxb-123456789012-1234567890123-${letters(24)}`],
  ['Slack user token', `xoxp-123456789012-123456789012-${letters(32)}`],
  ['Google key', `AIza${letters(35)}`],
  ['Docker token', `dckr_pat_${letters(27)}`],
  ['SendGrid key', `SG.${letters(22)}.${letters(43)}`],
  ['Vault token', `hvs.${letters(24)}`],
  ['age key', `AGE-SECRET-KEY-1${upper(58)}`],
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
  ['sshpass -p hunter2 ssh -p 22 host', 'sshpass -p [redacted] ssh -p 22 host'],
  // A token of known shape behind a telling name is taken out once, with what is left of the value.
  [`curl -H 'Authorization: token ghp_${letters(36)}' x`, "curl -H 'Authorization: token [redacted]' x"],
  [`curl -H "Authorization: Bearer sk-ant-api03-${letters(90)}" x`, 'curl -H "Authorization: Bearer [redacted]" x'],
  [`GH_TOKEN=ghp_${letters(36)} gh pr list`, 'GH_TOKEN=[redacted] gh pr list'],
  [`DB_PASSWORD=x,npm_${letters(36)}!y npm start`, 'DB_PASSWORD=[redacted],[redacted npm token]!y npm start'],
  [`DB_PASSWORD=xAKIA${upper(16)}/hf_${letters(34)}!y npm start`, 'DB_PASSWORD=[redacted] npm start'],
  [`{"apiKey": "a${letters(9)} npm_${letters(36)}"}`, '{"apiKey": [redacted]}'],
  [
    `npm config set //registry.npmjs.org/:_authToken=npm_${letters(36)}`,
    'npm config set //registry.npmjs.org/:_authToken=[redacted]',
  ],
  [
    `https://x-access-token:ghs_${letters(36)}@github.com/a/b`,
    'https://x-access-token:[redacted GitHub token]@github.com/a/b',
  ],
  ['npm config set //registry.npmjs.org/:_authToken abc', 'npm config set //registry.npmjs.org/:_authToken [redacted]'],
  ['npm config set _auth Ym9iOmh1bnRlcjI=', 'npm config set _auth [redacted]'],
  ['git config --global github.token abc', 'git config --global github.token [redacted]'],
  ['_auth=Ym9iOmh1bnRlcjI=', '_auth=[redacted]'],
  ['{"auths":{"ghcr.io":{"auth":"Ym9iOmh1bnRlcjI="}}}', '{"auths":{"ghcr.io":{"auth":[redacted]}}}'],
  ['bash -c "echo {\\"password\\": \\"hunter2\\"}"', 'bash -c "echo {\\"password\\": [redacted]}"'],
  [
    `{"private_key": "-----BEGIN PRIVATE KEY-----\\n${letters(64)}\\n-----END PRIVATE KEY-----\\n", "client_email": "a@b"}`,
    '{"private_key": [redacted], "client_email": "a@b"}',
  ],
  [`AccountName=shop;AccountKey=${letters(86)}==;Suffix=x`, 'AccountName=shop;AccountKey=[redacted];Suffix=x'],
  [`SharedAccessKeyName=Root;SharedAccessKey=${letters(43)}=`, 'SharedAccessKeyName=Root;SharedAccessKey=[redacted]'],
  [
    `https://shop.blob.core.windows.net/c?sv=1&sig=${letters(40)}%3D&se=2`,
    'https://shop.blob.core.windows.net/c?sv=1&sig=[redacted]&se=2',
  ],
  [`aws configure set aws_secret_access_key ${letters(40)}`, 'aws configure set aws_secret_access_key [redacted]'],
  [`aws_secret_access_key = ${letters(40)}`, 'aws_secret_access_key = [redacted]'],
  ["curl -H 'X-Api-Key:abc' x", "curl -H 'X-Api-Key:[redacted]' x"],
  ["curl -H 'X-Vault-Token: abc' x", "curl -H 'X-Vault-Token: [redacted]' x"],
  ["curl -H 'PRIVATE-TOKEN: abc' x", "curl -H 'PRIVATE-TOKEN: [redacted]' x"],
  ["curl -H 'Cookie: sid=abc; a=b' x", "curl -H 'Cookie: [redacted]' x"],
  ["curl -b 'sid=abc' x", "curl -b 'sid=[redacted]' x"],
  ['curl -ubob:hunter2 x', 'curl -ubob:[redacted] x'],
  ["PGPASSWORD='hunter 2' psql -h db", 'PGPASSWORD=[redacted] psql -h db'],
  ['mysql -u root -phunter2 shop', 'mysql -u root -p[redacted] shop'],
  ['docker login -u bob -p hunter2 ghcr.io', 'docker login -u bob -p [redacted] ghcr.io'],
  ['redis-cli -h cache -a hunter2 ping', 'redis-cli -h cache -a [redacted] ping'],
  ['openssl rsa -passin pass:hunter2', 'openssl rsa -passin pass:[redacted]'],
  [
    'kubectl create secret generic x --from-literal=db=hunter2',
    'kubectl create secret generic x --from-literal=db=[redacted]',
  ],
  [`curl hooks.slack.com/services/T00000000/B00000000/${letters(24)}`, 'curl hooks.slack.com/services/[redacted]'],
  [`curl discord.com/api/webhooks/1234567890/${letters(68)}`, 'curl discord.com/api/webhooks/1234567890/[redacted]'],
  [
    `curl https://api.telegram.org/bot123456:AA${letters(33)}/getMe`,
    'curl https://api.telegram.org/bot123456:[redacted]/getMe',
  ],
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
  'vault login --token-file /run/token',
  'git commit -m "fix token parsing"',
  'git commit -m "fix config token parsing"',
  'max_tokens=4096 and "max_tokens": 4096',
  `docker pull shop@sha256:${'0123456789abcdef'.repeat(4)}`,
  `"integrity": "sha512-${letters(86)}=="`,
  'DB_PASSWORD_FILE=/run/secrets/db npm start',
  '{"token_type": "bearer", "secretName": "my-secret"}',
  'pip install sk-learn-contrib-and-something-longer',
  'docker run -v my-secret:/run/x -p 8080:80 image',
  'mysql --protocol tcp -P 3306 shop',
  'git log --author=bob --oauth=none',
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
    'mysql ',
    'login -',
    'config set ',
    'config a.token',
    'config token.',
    '[redacted',
    'token=[redacted',
    'token=[redacted a]',
    'a://b:[redacted]',
    'cookie: ',
    'curl -b ',
    'api.telegram.org/bot1',
    '?sig=',
    'authorization: a ',
    'x-key',
    'password_file',
    'SG.aaaaaaaaaaaaaaaaaaaaaaaa',
    '\\\\"auth',
  ])('is quick with a long run of %j', (piece) => {
    const text = piece.repeat(100_000 / piece.length);
    const begun = performance.now();
    redact(text);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
