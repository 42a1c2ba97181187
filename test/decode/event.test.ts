import { describe, expect, test } from 'vitest';
import { createDecoder } from '../../src/decode/decoder.ts';
import { TELEMETRY_TAG } from '../../src/decode/event.ts';
import type { FalcoEvent } from '../../src/model/event.ts';

const decode = createDecoder();

const eventOf = (fields: object, more: object = {}): FalcoEvent => {
  const text = JSON.stringify({
    hostname: 'vm',
    output: 'a line',
    output_fields: fields,
    priority: 'Notice',
    rule: 'Agent exec',
    source: 'syscall',
    tags: [TELEMETRY_TAG],
    time: '2026-11-23T01:00:00.000000001Z',
    ...more,
  });
  const decoded = decode({ type: 'json', text });
  if ('rejected' in decoded || decoded.type !== 'event') throw new Error(JSON.stringify(decoded, null, 1));
  return decoded;
};
const processOf = (fields: object) => eventOf({ 'proc.pid': 7, ...fields }).process;

describe('the process', () => {
  test('without a pid is none, whatever else is known of it', () => {
    expect(eventOf({ 'proc.name': 'sh', 'proc.cmdline': 'sh -c x' }).process).toBeUndefined();
  });

  test('lacks what was not printed, null, or `<NA>`', () => {
    expect(processOf({ 'proc.name': null, 'proc.exe': '<NA>', 'proc.cwd': '' })).toEqual({
      pid: 7,
      ancestors: [],
      env: {},
    });
  });

  test('says false where Falco says false, and nothing where it says nothing', () => {
    expect(processOf({ 'proc.is_exe_from_memfd': false, 'proc.is_exe_upper_layer': 'true' })).toMatchObject({
      fromMemfd: false,
      upperLayer: true,
    });
  });
});

describe('ancestors', () => {
  test('are a chain from the parent on', () => {
    const process = processOf({
      'proc.apid[1]': 6,
      'proc.aname[1]': 'sh',
      'proc.apid[2]': 5,
      'proc.aexepath[2]': '/usr/bin/node',
      'proc.acmdline[2]': 'node agent',
    });
    expect(process?.ancestors).toEqual([
      { pid: 6, name: 'sh' },
      { pid: 5, exepath: '/usr/bin/node', cmdline: 'node agent' },
    ]);
  });

  test('end at a hole: what stands behind it cannot be placed', () => {
    const process = processOf({ 'proc.apid[1]': 6, 'proc.apid[2]': null, 'proc.aname[2]': 'x', 'proc.apid[3]': 4 });
    expect(process?.ancestors).toEqual([{ pid: 6 }]);
  });

  test('take the parent from its own fields where the list lacks it', () => {
    const process = processOf({
      'proc.ppid': 6,
      'proc.pname': 'sh',
      'proc.pexepath': '/bin/sh',
      'proc.pcmdline': 'sh -c x',
      'proc.apid[2]': 5,
    });
    expect(process?.ancestors).toEqual([{ pid: 6, name: 'sh', exepath: '/bin/sh', cmdline: 'sh -c x' }, { pid: 5 }]);
  });

  test('go up to sixteen and no further', () => {
    const fields = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`proc.apid[${i + 1}]`, 100 - i]));
    expect(processOf(fields)?.ancestors).toHaveLength(16);
  });
});

describe('the environment', () => {
  test('holds the variables that are set', () => {
    const process = processOf({ 'proc.env[GITHUB_JOB]': 'build', 'proc.env[CI]': '', 'proc.env[HOME]': null });
    expect(process?.env).toEqual({ GITHUB_JOB: 'build' });
  });

  test('has no prototype for a variable to reach', () => {
    const process = processOf({ 'proc.env[__proto__]': 'x', 'proc.env[constructor]': 'y' });
    expect(Object.entries(process?.env ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(processOf({})?.env.toString).toBeUndefined();
  });
});

test('container and pod, as far as the plugin tells', () => {
  expect(eventOf({ 'container.id': 'abc', 'k8s.pod.name': 'runner-1', 'k8s.ns.name': null }).origin).toEqual({
    containerId: 'abc',
    pod: 'runner-1',
  });
  expect(eventOf({ 'container.id': null }).origin).toBeUndefined();
});

test('a refused connect has no descriptor, an accepted one has both ends', () => {
  expect(eventOf({ 'fd.name': '', 'fd.sip': null }).fd).toBeUndefined();
  expect(
    eventOf({ 'fd.name': '10.0.0.1:1->1.1.1.1:443', 'fd.sip': '1.1.1.1', 'fd.sport': 443, 'fd.l4proto': 'tcp' }).fd,
  ).toEqual({ name: '10.0.0.1:1->1.1.1.1:443', serverIp: '1.1.1.1', serverPort: 443, protocol: 'tcp' });
});

test('only an exit has a status', () => {
  const fields = { 'evt.arg.ret': '1', 'evt.arg.status': '256', 'evt.arg.sig': 'SIGCHLD' };
  expect(eventOf({ ...fields, 'evt.type': 'procexit' }).exit).toEqual({ status: 1, signal: 'SIGCHLD' });
  expect(eventOf({ ...fields, 'evt.type': 'execve' }).exit).toBeUndefined();
});

test('an alert of another rule keeps its line as evidence; telemetry does not', () => {
  expect(eventOf({}, { tags: ['network'] }).output).toBe('a line');
  expect(eventOf({}, { tags: undefined }).output).toBe('a line');
  expect('output' in eventOf({})).toBe(false);
});

test.each([
  ['Emergency', 'emergency'],
  ['Informational', 'informational'],
  ['INFO', 'informational'],
  [0, 'emergency'],
  [7, 'debug'],
  [8, 'debug'],
  ['toString', 'debug'],
  [null, 'debug'],
])('the priority %j is %s', (priority, expected) => {
  expect(eventOf({}, { priority }).priority).toBe(expected);
});
