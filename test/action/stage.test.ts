import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { actionConfig } from '../../src/action/config.ts';
import { group } from '../../src/action/stage.ts';
import type { Traced } from '../../src/model/traced.ts';
import { createRegistry } from '../../src/platform/metrics.ts';
import { rethrow } from '../support/rethrow.ts';
import { at, catalogue, exec, exit, sessionOf, started, trace, WORKSPACE } from './rig.ts';

const session = sessionOf();

describe('the stage', () => {
  it('lets the sessions’ beginnings, ends and gaps pass in their place, and counts', async () => {
    const registry = createRegistry();
    const gap = { type: 'gap', cause: 'falco-drop', from: at(1), to: at(2) } as const;
    const steps = [
      started,
      exec(0, 200, 200, 'bash -c ls', { env: { CLAUDECODE: '1' } }),
      exec(1, 300, 300, 'bash -c ls'),
      exit(9, 200, 200),
    ];
    const inputs: Traced[] = [
      { type: 'session-start', session, time: session.start },
      ...steps.map((step) => trace(session, step)),
      { type: 'session-gap', session, gap },
      { type: 'session-end', session, time: at(10), reason: 'exit' },
    ];
    const stage = group(catalogue, { ...actionConfig.parse({}), maxOpen: 1 }, { registry, onFault: rethrow });
    const outputs = await lastValueFrom(from(inputs).pipe(stage, toArray()));
    expect(outputs.map(({ type }) => type)).toEqual([
      'session-start',
      'action',
      'action',
      'action',
      'session-gap',
      'action',
      'session-end',
    ]);
    const metrics = await registry.metrics();
    expect(metrics).toContain('creance_actions_limited_total{limit="open-children"} 2');
    expect(metrics).toContain('creance_actions_limited_total{limit="events"} 0');
    expect(metrics).toContain('creance_actions_total{kind="housekeeping"} 2');
  });

  it('closes what is open when the stream ends without the session’s end', async () => {
    const stage = group(catalogue, actionConfig.parse({}), { registry: createRegistry(), onFault: rethrow });
    const read = { at: 5, call: 'openat', file: `${WORKSPACE}/a.js`, flags: 'O_RDONLY' };
    const outputs = await lastValueFrom(
      from([started, read].map((step) => trace(session, step))).pipe(stage, toArray()),
    );
    expect(outputs.map((output) => output.type === 'action' && output.title)).toEqual([
      'Claude Code’s own work',
      'read a.js',
    ]);
  });

  it('knows nothing of agents that are not in its catalogue', async () => {
    const stage = group([], actionConfig.parse({}), { registry: createRegistry(), onFault: rethrow });
    const outputs = await lastValueFrom(from([trace(session, started)]).pipe(stage, toArray()));
    expect(outputs).toEqual([]);
  });
});
