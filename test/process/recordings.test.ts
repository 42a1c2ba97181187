import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createDecoder } from '../../src/decode/decoder.ts';
import type { FalcoEvent } from '../../src/model/event.ts';
import { run } from './run.ts';

const ROOT = join(import.meta.dirname, '../recordings');
const recordings = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.jsonl.gz'))
  .sort();
const AGENTS = { claude: 'claude-code', codex: 'codex-cli', gemini: 'gemini-cli' } as const;

test.each(recordings)('%s is one session of its agent, in its scope', (name) => {
  const decode = createDecoder();
  const lines = gunzipSync(readFileSync(join(ROOT, name)))
    .toString()
    .trimEnd()
    .split('\n');
  const events = lines.map((text) => decode({ type: 'json', text }) as FalcoEvent);
  const { sessions, traced, starts } = run(events);
  const agent = Object.entries(AGENTS).find(([word]) => name.includes(`/${word}-`))?.[1];
  expect(starts).toHaveLength(1);
  expect(sessions).toMatchObject([
    {
      agent,
      scope: { repository: 'acme/taskboard', workflow: 'agent', job: 'implement' },
      scopeSource: 'environment',
      workspace: '/home/runner/_work/taskboard/taskboard',
      lateStart: false,
      startedBy: 'user',
    },
  ]);
  expect(sessions[0]?.recognition.confidence).toBeGreaterThanOrEqual(0.95);
  // What comes before is the wrapper that finds the agent.
  expect(events.length - traced.length).toBeLessThan(5);
});
