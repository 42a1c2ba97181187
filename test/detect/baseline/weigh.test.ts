import { describe, expect, test } from 'vitest';
import { weigh } from '../../../src/detect/baseline/weigh.ts';

describe('what a way out weighs', () => {
  test.each([
    ['a client of a service', 'reach public in shell:kubectl get+kubectl logs', 0.5],
    ['a fetch by the agent itself', 'reach public in network:in-process public', 0.5],
    ['a tool of the machine', 'reach public in shell:hf', 2.5],
    ['a raw channel', 'reach public in network:ssh', 3.5],
    ['a script of the project', 'reach public in shell:node script', 3.5],
    ['a build', 'reach public in shell:npm run build', 3.5],
    ['what goes on in the background', 'reach public in background:jq', 3.5],
    ['the house itself', 'reach private in shell:hf', 1],
  ])('from %s', (_, name, weight) => {
    expect(weigh(name)).toEqual({ kind: 'place', weight });
  });
});

describe('what a push weighs', () => {
  test('less to the own repository than to another', () => {
    expect(weigh('conduct pushes public').weight).toBeLessThan(weigh('conduct pushes elsewhere public').weight);
  });

  test('becoming root is plain, and hidden sudo is not, unless it installs', () => {
    expect(weigh('mark calls setresuid').kind).toBe('plain');
    expect(weigh('hidden sudo in shell:make').weight).toBe(3);
    expect(weigh('hidden sudo apt-get in shell:npx playwright').weight).toBe(1);
  });
});
