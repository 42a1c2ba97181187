import { describe, expect, it } from 'vitest';
import { isControl, isSecret, pathClass } from '../../src/model/path-class.ts';

const WORKSPACE = '/home/runner/_work/app/app';

const CLASSES: Record<string, readonly string[]> = {
  'secret:aws': ['~/.aws/credentials', '~/.aws/config', '~/.aws/sso/cache/x.json', '/root/.aws/credentials'],
  'secret:ssh': ['~/.ssh/id_ed25519', '~/.ssh/deploy'],
  'secret:ssh-agent': ['/tmp/ssh-XXabc/agent.12', '/run/user/1000/keyring/ssh', '~/.gnupg/S.gpg-agent.ssh'],
  'secret:git': ['~/.git-credentials', '~/.netrc', '~/.config/git/credentials'],
  'secret:github': ['~/.config/gh/hosts.yml', '~/.config/hub', '~/.config/glab-cli/config.yml'],
  'secret:registry': [
    '~/.npmrc',
    '~/.pypirc',
    '~/.cargo/credentials.toml',
    '~/.m2/settings.xml',
    '~/.config/pip/pip.conf',
    '~/.composer/auth.json',
    '~/.gradle/gradle.properties',
  ],
  'secret:gcp': ['~/.config/gcloud/credentials.db', '~/key/application_default_credentials.json'],
  'secret:azure': ['~/.azure/msal_token_cache.json'],
  'secret:kubernetes': [
    '~/.kube/config',
    '/var/run/secrets/kubernetes.io/serviceaccount/token',
    '/run/secrets/kubernetes.io/serviceaccount/token',
    '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
    '/var/run/secrets/azure/tokens/azure-identity-token',
    '/run/secrets/db_password',
  ],
  'secret:docker': ['~/.docker/config.json', '/run/user/1000/containers/auth.json'],
  'secret:vault': [
    '~/.vault-token',
    '~/.gnupg/private-keys-v1.d/x.key',
    '~/.password-store/a.gpg',
    '~/.terraform.d/credentials.tfrc.json',
    '~/.terraformrc',
  ],
  'secret:cloud': [
    '~/.oci/config',
    '~/.config/doctl/config.yaml',
    '~/.config/rclone/rclone.conf',
    '~/.fly/config.yml',
    '~/.s3cfg',
  ],
  'secret:database': ['~/.pgpass', '~/.my.cnf'],
  'secret:agent': ['~/.claude/.credentials.json', '~/.codex/auth.json', '~/.gemini/oauth_creds.json'],
  'secret:runner': [
    '/home/runner/.credentials',
    '/opt/actions-runner/.credentials_rsaparams',
    '/opt/actions-runner/.runner',
  ],
  'secret:browser': [
    '~/.config/google-chrome/Default/Login Data',
    '~/.mozilla/firefox/x/logins.json',
    '/Users/a/Library/Application Support/Google/Chrome/x',
  ],
  'secret:keychain': ['~/.local/share/keyrings/login.keyring', '/Users/a/Library/Keychains/login.keychain-db'],
  'secret:wallet': ['~/.bitcoin/wallet.dat', '~/.ethereum/keystore/x', '~/.config/solana/id.json'],
  'secret:history': ['~/.bash_history', '~/.psql_history'],
  'secret:env-file': ['$/.env', '$/.env.local', '$/web/.env.production'],
  'secret:system': ['/etc/shadow', '/etc/sudoers.d/x', '/etc/ssl/private/a.key', '/etc/ssh/ssh_host_rsa_key'],
  'process:environ': ['/proc/self/environ', '/proc/77/environ', '/proc/77/task/78/environ'],
  'process:memory': ['/proc/77/mem', '/proc/77/maps', '/proc/kcore', '/dev/mem'],
  'persistence:authorized-keys': ['~/.ssh/authorized_keys'],
  'persistence:ssh-config': ['~/.ssh/config', '~/.ssh/rc'],
  'persistence:shell-profile': [
    '~/.bashrc',
    '~/.zshenv',
    '/etc/profile.d/x.sh',
    '~/.config/fish/config.fish',
    '/etc/environment',
  ],
  'persistence:cron': ['/var/spool/cron/crontabs/runner', '/etc/cron.d/x', '/etc/crontab', '/var/spool/at/x'],
  'persistence:autostart': [
    '~/.config/autostart/u.desktop',
    '~/.config/systemd/user/x.service',
    '/etc/systemd/system/x.service',
    '/etc/rc.local',
    '/etc/init.d/x',
    '/Users/a/Library/LaunchAgents/x.plist',
  ],
  'persistence:loader': ['/etc/ld.so.preload', '/etc/ld.so.conf.d/x.conf'],
  'persistence:login': ['/etc/pam.d/sshd', '/usr/lib/security/pam_x.so'],
  'persistence:interpreter': ['/usr/lib/python3/dist-packages/sitecustomize.py'],
  'persistence:git-hook': ['$/.git/hooks/pre-commit', '~/.config/git/hooks/post-checkout'],
  'agent-config': [
    '$/.claude/settings.json',
    '~/.claude/settings.local.json',
    '$/.claude/agents/x.md',
    '$/.mcp.json',
    '$/AGENTS.md',
    '$/CLAUDE.local.md',
    '~/.codex/config.toml',
    '~/.gemini/settings.json',
    '$/.cursor/rules/x.mdc',
    '$/.github/copilot-instructions.md',
    '$/opencode.json',
  ],
  'agent-state': ['~/.claude/projects/x.jsonl', '~/.claude.json', '~/.codex/sessions/x'],
  'ci-config': [
    '$/.github/workflows/ci.yml',
    '$/.gitlab-ci.yml',
    '$/Jenkinsfile',
    '$/.circleci/config.yml',
    '/home/runner/_work/_temp/_runner_file_commands/set_env_1',
  ],
  autorun: [
    '$/.husky/pre-commit',
    '$/.vscode/tasks.json',
    '$/.envrc',
    '$/.pre-commit-config.yaml',
    '$/lefthook.yml',
    '$/.devcontainer/devcontainer.json',
  ],
  'git-config': ['$/.git/config', '~/.gitconfig', '$/.git/modules/a/config'],
  git: ['$/.git/HEAD', '$/.git/hooks/pre-commit.sample', '$/.git/config.lock'],
  dependencies: ['$/node_modules/a/index.js', '$/.venv/bin/python', '$/.husky/_/node_modules/x'],
  workspace: [
    '$/src/a.js',
    '$/.env.example',
    '$/.env.sample',
    '$/.npmrc',
    '$/.husky/_/h',
    '$/docs/environ',
    '$/src/idtoken.ts',
    '$/src/.profiler',
    '$',
  ],
  temp: ['/tmp/x', '/var/tmp/x', '/dev/shm/x', '/home/runner/_work/_temp/script.sh'],
  cache: [
    '~/.npm/_cacache/x',
    '~/.cache/pip/x',
    '~/.cargo/registry/x',
    '~/.ssh/known_hosts',
    '~/go/bin/stringer',
    '~/.gradle/caches/x',
    '~/.kube/cache/x',
    '~/.mix/archives/x',
    '~/R/x86_64-pc-linux-gnu-library/4.4/x',
  ],
  home: ['~/notes.txt', '~', '/Users/a/x', '~/.gradle/init.d/a.gradle', '~/.dotnetrc'],
  system: [
    '/usr/lib/x.so',
    '/etc/passwd',
    '/proc/self/maps',
    '/proc/77/stat',
    '/opt/tool/x',
    '/.dockerenv',
    '/etc/ssl/certs/ca.pem',
  ],
  other: ['/srv/data', '/data/x', 'relative/x'],
};

const place = (path: string): string => path.replace(/^~/, '/home/runner').replace(/^\$/, WORKSPACE);
const ALL = Object.entries(CLASSES).flatMap(([name, paths]) => paths.map((path) => [path, name] as const));

describe('path classes', () => {
  it.each(ALL)('%s is %s', (path, name) => {
    expect(pathClass(place(path), WORKSPACE)).toBe(name);
  });

  it('tell case apart, as file systems do', () => {
    expect(pathClass('/home/runner/.AWS/credentials')).toBe('home');
  });

  it('count nothing as the workspace where it is unknown, or is the root', () => {
    expect(pathClass('/srv/x')).toBe('other');
    expect(pathClass('/srv/x', '/')).toBe('other');
    expect(pathClass('/srv/xy', '/srv/x')).toBe('other');
  });

  it('are sensitive to read or to write', () => {
    const names = Object.keys(CLASSES);
    expect(names.filter(isSecret)).toEqual(names.filter((name) => /^(secret|process):/.test(name)));
    expect(names.filter(isControl)).toEqual(
      names.filter((name) => /^persistence:|^(agent-config|ci-config|autorun|git-config)$/.test(name)),
    );
  });
});
