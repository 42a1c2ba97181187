/** Programs that read these secrets because they are theirs: a use of the credential, not a look at it. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  'secret:registry':
    /(^|\/)(npm|npx|pnpm|yarn|bun|bunx|pip\d*|uv|poetry|twine|cargo|gem|bundle|composer|mvn|gradle|nuget|dotnet)( |$)|org\.(gradle|apache\.maven|codehaus)\./,
  'secret:git': /(^|\/)git(-remote-https?|-credential-\S+)?( |$)/,
  'secret:ssh': /(^|\/)(ssh|scp|sftp|ssh-agent|ssh-add|ssh-keygen|sshd)( |$)/,
  'secret:ssh-agent': /(^|\/)(ssh|scp|sftp|ssh-agent|ssh-add|gpg-agent)( |$)/,
  'secret:github': /(^|\/)(gh|hub|glab)( |$)/,
  'secret:aws': /(^|\/)aws( |$)/,
  'secret:gcp': /(^|\/)(gcloud|gsutil|bq)( |$)/,
  'secret:azure': /(^|\/)az( |$)/,
  'secret:kubernetes': /(^|\/)(kubectl|helm|k9s)( |$)/,
  'secret:docker': /(^|\/)(docker|buildah|podman|skopeo|docker-credential-\S+)( |$)/,
  'secret:vault': /(^|\/)(vault|gpg2?|gpgv|gpg-agent|pass|terraform|tofu|op)( |$)/,
  'secret:database': /(^|\/)(psql|pg_dump|mysql|mysqldump|mariadb)( |$)/,
  'secret:browser': /(^|\/)(chrome|chromium|chromium-browser|firefox|brave|msedge)( |$)/,
  'secret:system': /(^|\/)(sudo|su|passwd|sshd|unix_chkpwd|chpasswd|useradd|groupadd|login)( |$)/,
};

/** Longest part of a command line that is looked at for the program's name. */
const MAX_LOOK = 512;

/** True when the command line is one of a program that this secret belongs to. */
export const ownsSecret = (name: string, cmdline: string | undefined): boolean =>
  name.startsWith('secret:') && (OWNERS[name]?.test((cmdline ?? '').slice(0, MAX_LOOK)) ?? false);

const PROCESS_FILE = /^\/proc\/(self|thread-self|\d+)\//;

/** True when a path in /proc is the reader's own. */
export const isOwnProcess = (path: string, pid: number, vpid: number | undefined): boolean => {
  const owner = PROCESS_FILE.exec(path)?.[1];
  return owner === 'self' || owner === 'thread-self' || owner === String(pid) || owner === String(vpid ?? pid);
};
