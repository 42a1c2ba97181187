import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACTS } from '../../../src/detect/sequence/facts.ts';
import { inspectRules } from '../../../src/detect/sequence/inspect.ts';
import { SequenceMatcher } from '../../../src/detect/sequence/matcher.ts';
import { actionsOf } from '../../../src/detect/sequence/timeline/actions.ts';
import { prove } from '../../../src/detect/sequence/timeline/prove.ts';
import { severityAtLeast } from '../../../src/model/verdict.ts';

const docs = (name: string) => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8');
const { rules, problems } = inspectRules([]);

describe('the shipped pack', () => {
  it('is free of mistakes', () => {
    expect(problems).toEqual([]);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s does what its timelines say', (_, rule) => {
    for (const { timeline, ok } of prove(rule)) expect(ok, timeline.name).toBe(true);
    const expects = new Set(rule.tests.map(({ expect: wanted }) => wanted));
    expect(expects).toEqual(new Set(['match', 'quiet']));
  });

  it('keeps one rule a file, under its id', () => {
    for (const { id, file } of rules) expect(basename(file, '.yaml')).toBe(id);
  });

  it('alerts in no timeline that is benign for any of its rules', () => {
    const loud = rules.flatMap(({ id, tests }) =>
      tests
        .filter(({ expect: wanted }) => wanted === 'quiet')
        .flatMap((timeline) => {
          const matcher = new SequenceMatcher(rules);
          const findings = actionsOf(timeline).flatMap((step) =>
            'gap' in step ? [] : matcher.add(step.action, { novel: step.novel }),
          );
          return findings
            .filter(({ severity }) => severityAtLeast(severity, 'warning'))
            .map(({ rule }) => `${id}: ${timeline.name}: ${rule}`);
        }),
    );
    expect(loud).toEqual([]);
  });
});

/** What honest sessions run; none of it may alert by the way it is written. */
const EVERYDAY = [
  'npm ci && npm test 2>&1 | tail -20',
  'npm run dev > /tmp/dev.log 2>&1 &',
  'git fetch origin && git rebase origin/main && git push --force-with-lease origin HEAD',
  'git switch -c feature/x && git commit -qam "Add token parser" && git push -u origin feature/x',
  'gh pr create --fill && gh pr view --json url',
  'curl -s https://docs.example/guide.html | head -100',
  'curl -fsS -X POST localhost:3000/api/items -d @fixtures/item.json',
  'curl -s https://api.example/v1/items | jq .items',
  'cat .env.example && cp .env.example .env',
  'printenv PATH; echo $NODE_ENV',
  'set -euo pipefail; make -j4 && ./build/app --version',
  'python3 scripts/migrate.py --dry-run && python3 -m pytest -q',
  "python3 -c \"import json; print(json.load(open('package.json'))['version'])\"",
  'node -e "console.log(process.version)"',
  'docker build -t app . && docker compose up -d && docker compose logs --tail 20',
  'find . -name "*.orig" -delete; rm -rf dist coverage node_modules',
  'find src -name "*.ts" | xargs grep -n "secret" | head',
  'grep -rn "password" src test docs | head -20',
  'sudo apt-get update && sudo apt-get install -y jq',
  'chmod +x scripts/build.sh && ./scripts/build.sh',
  'tar xzf vendor.tgz -C /tmp/v && ls -la /tmp/v',
  'ps aux | grep node; kill %1; pkill -f vite',
  'base64 -d fixture.b64 | file -',
  'ssh-keygen -lf deploy.pub; git config user.email bot@acme.example',
  'kubectl get pods -n dev && helm template chart | head',
  'terraform plan -out plan.bin && terraform show plan.bin | head',
  'nc -z localhost 5432 || timeout 5 bash -c "</dev/tcp/localhost/5432"',
  'history | tail -5; which claude codex gemini; codex --version',
  'crontab -l; systemctl status nginx --no-pager | head',
  'go test ./... && cargo build --release && ./target/release/app',
  'pip install -r requirements.txt && pip install -e .',
  'npm install --save-dev vitest@latest && npx vitest run',
];

it.each(EVERYDAY)('%s', (command) => {
  const steps = [{ run: command, programs: ['bash'], connects: ['192.0.2.10:443'] }];
  const matcher = new SequenceMatcher(rules);
  const findings = actionsOf({ name: '', expect: 'quiet', steps }).flatMap((step) =>
    'gap' in step ? [] : matcher.add(step.action),
  );
  expect(findings.filter(({ severity }) => severityAtLeast(severity, 'warning'))).toEqual([]);
});

/** Beginnings that patterns wait for, and pieces that a hostile command may repeat to keep a pattern searching. */
const STARTS = [
  'git',
  'ssh',
  'rm',
  'find /',
  'curl',
  'npm install',
  'sudo',
  'docker run',
  'aws',
  'chmod',
  'python3',
  'git config',
  'scp',
  'cp',
  'sh',
  'grep',
  'echo',
  'dig',
  'npx',
  'git push',
  'git remote add',
];
const PIECES = [
  '-a ',
  '-a=b ',
  '--a ',
  'a=b ',
  'a ',
  '/usr/bin/',
  '$(',
  '"',
  '| ',
  '--a=b=c ',
  '.a',
  'https://',
  ' -x -y',
  '  ',
];

it('no pattern can be kept busy by a hostile command', () => {
  const matcher = new SequenceMatcher(rules);
  const [step] = actionsOf({ name: '', expect: 'quiet', steps: [{ run: 'x' }] });
  if (!step || 'gap' in step) throw new Error('no action');
  let slowest = { ms: 0, title: '' };
  for (const start of STARTS)
    for (const piece of PIECES) {
      const title = `${start} ${piece.repeat(240 / piece.length)}`.slice(0, 240);
      const before = performance.now();
      matcher.add({ ...step.action, title });
      const ms = performance.now() - before;
      if (ms > slowest.ms) slowest = { ms, title };
    }
  expect(slowest.ms, slowest.title).toBeLessThan(200);
});

describe('docs/coverage.md', () => {
  const rows = [...docs('coverage.md').matchAll(/^\| (T\d\d) \|(.*)\|$/gm)].map(
    (row) => [row[1] as string, row[2] as string] as const,
  );

  it('has a row for each class', () => {
    expect(rows.map(([name]) => name)).toEqual(
      Array.from({ length: 25 }, (_, n) => `T${String(n + 1).padStart(2, '0')}`),
    );
  });

  it.each(rows)('%s names the rules that are meant for it, or says why there are none', (name, text) => {
    const meant = rules.filter(({ covers }) => covers.includes(name)).map(({ id }) => id);
    const named = [...text.matchAll(/`([a-z0-9-]+)`/g)]
      .map((match) => match[1])
      .filter((id) => rules.some((rule) => rule.id === id));
    expect([...new Set(named)].sort()).toEqual(meant.sort());
    if (meant.length === 0) expect(text.length).toBeGreaterThan(80);
  });
});

describe('docs/sequence-rules.md', () => {
  it('tells of every fact, and of none that does not exist', () => {
    const named = [...docs('sequence-rules.md').matchAll(/^\| `([\w.]+)` \| (?:string|number|boolean) \|/gm)].map(
      (match) => match[1],
    );
    expect(named).toEqual([...FACTS.keys()]);
  });
});
