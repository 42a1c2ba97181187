import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WORTHS, worthOf } from '../../../src/source/queue/worth.ts';

type Fields = Record<string, string | number | boolean | null>;

const json = (fields: Fields, tags = ['creance', 'file']) =>
  worthOf({ type: 'json', text: JSON.stringify({ output_fields: fields, rule: 'r', tags, time: '' }) });

const delimited = (tag: number, bytes: Buffer): Buffer => {
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
};
const proto = (fields: Fields, tags = ['creance', 'file']) => {
  const entries = Object.entries(fields).map(([key, value]) =>
    delimited(0x32, Buffer.concat([delimited(0x0a, Buffer.from(key)), delimited(0x12, Buffer.from(String(value)))])),
  );
  const labels = tags.map((tag) => delimited(0x42, Buffer.from(tag)));
  return worthOf({ type: 'proto', bytes: Buffer.concat([...entries, ...labels]) });
};

const TOP = 'exec-connect-privilege-sensitive';
const cwd = { 'proc.cwd': '/home/dev/shop/' };
const reading = (path: string) => ({
  'evt.type': 'openat',
  'evt.arg.flags': 'O_RDONLY|O_CLOEXEC',
  'fd.name': path,
  ...cwd,
});
const writing = (path: string) => ({
  'evt.type': 'openat',
  'evt.arg.flags': 'O_WRONLY|O_CREAT',
  'fd.name': path,
  ...cwd,
});

const cases: readonly (readonly [string, Fields, (typeof WORTHS)[number]])[] = [
  ['a read in the workspace', reading('/home/dev/shop/node_modules/a/index.js'), 'workspace-read'],
  ['a read by a relative path', reading('src/cart.js'), 'workspace-read'],
  ['a read beside the workspace', reading('/home/dev/shop-2/a'), 'read-or-exit'],
  ['a read of a library', reading('/usr/lib/libc.so.6'), 'read-or-exit'],
  ['a read with the root as working directory', { ...reading('/usr/lib/a'), 'proc.cwd': '/' }, 'read-or-exit'],
  ['a directory', { ...reading('/usr'), 'evt.arg.flags': 'O_DIRECTORY|O_RDONLY|O_TMPFILE' }, 'read-or-exit'],
  [
    'a read told by evt.is_open_read',
    { 'evt.type': 'open', 'evt.is_open_read': true, 'fd.name': 'a' },
    'workspace-read',
  ],
  ['an end of a process', { 'evt.type': 'procexit' }, 'read-or-exit'],
  ['a write', writing('/home/dev/shop/a.js'), 'write'],
  ['an open that says neither', { 'evt.type': 'open', 'fd.name': 'a' }, 'write'],
  ['a removal', { 'evt.type': 'unlinkat', 'fs.path.name': '/tmp/a' }, 'write'],
  ['a renaming', { 'evt.type': 'rename', 'fs.path.source': 'a', 'fs.path.target': 'b' }, 'write'],
  ['a renaming to a place of secrets', { 'evt.type': 'rename', 'fs.path.target': '/root/.ssh/authorized_keys' }, TOP],
  ['a write of what runs later', writing('/home/dev/.bashrc'), TOP],
  ['a write of a git hook', writing('/home/dev/shop/.git/hooks/pre-commit'), TOP],
  ['a read of what runs later', reading('/home/dev/.bashrc'), 'read-or-exit'],
  ['an exec', { 'evt.type': 'execve' }, TOP],
  ['a connect', { 'evt.type': 'connect', 'fd.name': '10.0.0.1:1->10.0.0.2:2' }, TOP],
  ['a change of user', { 'evt.type': 'setresuid' }, TOP],
  ['a call nobody has heard of', { 'evt.type': 'quotactl' }, TOP],
  ['no call at all', {}, TOP],
  ...[
    '/home/dev/.aws/credentials',
    '/home/dev/.ssh/id_ed25519',
    '/home/dev/shop/.env',
    '/home/dev/shop/.env.local',
    '/home/dev/.npmrc',
    '/home/dev/.netrc',
    '/home/dev/.git-credentials',
    '/home/dev/.kube/config',
    '/home/dev/.docker/config.json',
    '/home/dev/.config/gh/hosts.yml',
    '/etc/shadow',
    '/proc/self/environ',
    '/proc/42/task/43/environ',
    '/proc/42/mem',
    '/var/run/secrets/kubernetes.io/serviceaccount/token',
    '/home/dev/.claude/.credentials.json',
    '/home/dev/shop/.claude/settings.json',
    '/home/dev/.codex/auth.json',
    '/home/dev/.gemini/oauth_creds.json',
    '/home/dev/shop/certs/private-key.pem',
  ].map((path) => [`a read of ${path}`, reading(path), TOP] as const),
  ...['/home/dev/shop/src/environment.ts', '/etc/ssl/certs/Root.pem', '/proc/self/maps', '/home/dev/shop/env'].map(
    (path) =>
      [`a read of ${path}`, reading(path), path.startsWith('/home') ? 'workspace-read' : 'read-or-exit'] as const,
  ),
];

describe('worthOf', () => {
  it.each(cases)('values %s, whichever intake brought it', (_, fields, worth) => {
    expect(json(fields)).toBe(worth);
    expect(proto(fields)).toBe(worth);
  });

  it('values alerts of other rules and gaps highest', () => {
    expect(json(reading('a'), ['filesystem'])).toBe(TOP);
    expect(proto(reading('a'), [])).toBe(TOP);
    expect(worthOf({ type: 'gap', cause: 'disconnect', from: 0n, to: 1n })).toBe(TOP);
  });

  it('is not misled by event data that look like a field', () => {
    const posing = `"evt.type":"openat" \n\u0008evt.type\u0012\u0006openat "tags":["creance"]`;
    const fields = { 'proc.cmdline': posing, 'evt.type': 'execve', 'proc.name': posing };
    expect(json(fields)).toBe(TOP);
    expect(proto(fields)).toBe(TOP);
    expect(json({ 'proc.name': posing, ...reading('a') }, ['other'])).toBe(TOP);
  });

  it('reads a path with escapes', () => {
    expect(json(reading('/home/dev/shop/a"b\\'))).toBe('workspace-read');
    expect(json(reading('/home/dev/a"/.aws/config'))).toBe(TOP);
  });

  it('reads JSON with spaces between its parts', () => {
    const spaced = '{"output_fields": {"evt.type": "procexit"}, "tags": ["creance", "process"]}';
    expect(worthOf({ type: 'json', text: spaced })).toBe('read-or-exit');
  });

  it('agrees with what real Falco sent', () => {
    const worths = readFileSync('test/fixtures/wire/http-output-0.44.jsonl', 'utf8')
      .trimEnd()
      .split('\n')
      .map((request) => worthOf({ type: 'json', text: JSON.parse(request).body }));
    const [read, exit] = ['read-or-exit', 'read-or-exit'];
    expect(worths).toEqual([read, exit, TOP, read, exit, TOP, TOP, exit, TOP, TOP, TOP]);
    const messages = readFileSync('test/fixtures/wire/grpc-line-output.b64', 'utf8').trimEnd().split('\n');
    const ofMessages = messages.map((text) => worthOf({ type: 'proto', bytes: Buffer.from(text, 'base64') }));
    expect(ofMessages).toEqual([TOP, TOP, TOP, exit, exit, TOP, read, exit, TOP]);
  });

  it('never throws and always answers with a worth', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        expect(WORTHS).toContain(worthOf({ type: 'proto', bytes }));
        expect(WORTHS).toContain(worthOf({ type: 'json', text }));
        expect(WORTHS).toContain(
          worthOf({ type: 'json', text: `{"tags":["creance"],"evt.type":"open","fd.name":"${text}` }),
        );
      }),
    );
  });
});
