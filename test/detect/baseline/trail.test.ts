import { describe, expect, test } from 'vitest';
import { conductOf } from '../../../src/detect/baseline/conduct.ts';
import { Trail } from '../../../src/detect/baseline/trail.ts';
import type { Act } from '../../eval/scenes.ts';
import { actionsOf } from '../actions.ts';

const LOOK: Act = { kind: 'file-read', title: 'read .env', reads: ['./.env'] };
const install = (programs: readonly string[]): Act => ({
  kind: 'install',
  title: 'npm install dotenv',
  programs,
  connects: ['public 198.18.1.1:443'],
});

const namesOf = (...acts: readonly Act[]) => {
  const trail = new Trail();
  return actionsOf(acts).flatMap((action) => trail.add(action, conductOf(action)));
};

describe('a way out after a look at secrets', () => {
  test.each<[string, Act, readonly string[]]>([
    ['a fetch', { title: 'curl -s x.example', connects: ['public 198.18.1.1:443'] }, ['order secret > reach']],
    ['packages', install(['npm', 'node']), []],
    ['packages that bring a downloader', install(['npm', 'node', 'curl']), ['order secret > reach']],
    [
      'packages that look at secrets themselves',
      { ...install(['npm', 'node']), reads: ['~/.npmrc'] },
      ['order secret > reach'],
    ],
    [
      'a push elsewhere',
      { kind: 'vcs', title: 'git push mirror --all', connects: ['public 198.18.1.1:443'] },
      ['order secret > send'],
    ],
  ])('%s', (_, act, names) => {
    expect(namesOf(LOOK, act)).toEqual(names);
  });
});
