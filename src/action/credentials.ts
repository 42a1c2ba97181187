/** Programs that read these secrets because they are theirs: a use of the credential, not a look at it. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  'secret:registry':
    /^(npm|npx|pnpm|yarn|bun|bunx|pip\d*|uv|poetry|twine|cargo|gem|bundle|composer|mvn|gradle|nuget|dotnet)$/,
  'secret:git': /^git(-remote-https?|-credential-\S+)?$/,
  'secret:ssh': /^(ssh|scp|sftp|ssh-agent|ssh-add|ssh-keygen|sshd)$/,
  'secret:ssh-agent': /^(ssh|scp|sftp|ssh-agent|ssh-add|gpg-agent)$/,
  'secret:github': /^(gh|hub|glab)$/,
  'secret:aws':
    /^(aws|terraform|tofu|terraform-provider-aws\S*|pulumi|pulumi-resource-aws|cdk|sam|eksctl|docker-credential-ecr-login)$/,
  'secret:gcp':
    /^(gcloud|gsutil|bq|terraform|tofu|terraform-provider-google\S*|gke-gcloud-auth-plugin|docker-credential-gcloud)$/,
  'secret:azure': /^(az|terraform|tofu|terraform-provider-az\S*|kubelogin)$/,
  'secret:kubernetes':
    /^(kubectl|helm|helmfile|k9s|stern|skaffold|tilt|terraform-provider-(kubernetes|helm)\S*|kind|k3d|minikube|aws|eksctl|gcloud|az)$/,
  'secret:docker':
    /^(docker|docker-compose|docker-buildx|buildah|podman|skopeo|crane|ko|skaffold|tilt|helm|docker-credential-\S+)$/,
  'secret:vault': /^(vault|gpg2?|gpgv|gpg-agent|pass|terraform|tofu|op)$/,
  'secret:database': /^(psql|pg_dump|mysql|mysqldump|mariadb)$/,
  'secret:browser': /^(chrome|chromium|chromium-browser|firefox|brave|msedge)$/,
  'secret:system': /^(sudo|su|passwd|sshd|unix_chkpwd|chpasswd|useradd|groupadd|login)$/,
  // It fills in the variables of its services.
  'secret:env-file': /^docker-compose$/,
};

/** What a build tool's virtual machine shows of itself; its tests log in to the registries of what they start. */
const BUILD_TOOL = /org\.(gradle|apache\.maven|codehaus)\./;
const OF_BUILD_TOOLS = new Set(['secret:registry', 'secret:docker']);

/** Programs that run a script, named behind them, under their own name or that of a thread. */
const RUNS =
  /^(MainThread|libuv-worker|node|nodejs|python[\d.]*|pypy[\d.]*|ruby|perl|php|java|bun|deno|(ba|da|z|k)?sh)$/;

/** Longest part of a command line that is looked at for the program's name. */
const MAX_LOOK = 512;

/** Base names of the program, and of the script that it runs; what else it is told may say anything. */
const namesOf = (cmdline: string): readonly string[] => {
  const [program = '', ...args] = cmdline.split(' ');
  const first = baseOf(program);
  const script = RUNS.test(first) ? args.find((arg) => !arg.startsWith('-')) : undefined;
  return script === undefined ? [first] : [first, baseOf(script)];
};

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/(-cli)?\.[cm]?js$/, '');

/** True when the command line is one of a program that this secret belongs to. */
export const ownsSecret = (name: string, cmdline: string | undefined): boolean => {
  if (!name.startsWith('secret:')) return false;
  const look = (cmdline ?? '').slice(0, MAX_LOOK);
  if (OF_BUILD_TOOLS.has(name) && BUILD_TOOL.test(look)) return true;
  return namesOf(look).some((one) => OWNERS[name]?.test(one) ?? false);
};

/** Log-ins that their programs renew as they go. What changes where packages come from, or who may enter, is told whoever does it. */
const RENEWED = new Set(
  ['aws', 'gcp', 'azure', 'kubernetes', 'docker', 'github', 'vault', 'browser'].map((one) => `secret:${one}`),
);

/** True when a program writes what is its own. */
export const renewsSecret = (name: string, cmdline: string | undefined): boolean =>
  RENEWED.has(name) && ownsSecret(name, cmdline);

const HOOK_MANAGERS = /^(lefthook|husky|pre-commit|overcommit|simple-git-hooks|git-lfs)$/;

/** git itself noting a remote, a branch or a submodule; what it is told to set may run code. */
const NOTES = /^git (-C \S+ )?(push|fetch|pull|remote|branch|checkout|switch|submodule|worktree|lfs|init|clone)( |$)/;
const SETS = / (-c|--config|--template)[ =]/;

/** True when a file of git's is written by what it belongs to: a manager of hooks does what the project's own files say. */
export const keepsRepository = (name: string, cmdline: string | undefined): boolean => {
  const look = (cmdline ?? '').slice(0, MAX_LOOK);
  if (name === 'git-config') return NOTES.test(look) && !SETS.test(look);
  return name === 'persistence:git-hook' && namesOf(look).some((one) => HOOK_MANAGERS.test(one));
};

const TRACERS = /^(strace|ltrace|gdb|lldb|lldb-server|gdbserver|rr|perf|valgrind|dlv)$/;
/** A tracer that is pointed at what runs already. */
const ATTACHES = /\s(-p|--pid|--attach|attach)\b|\s-p\d/;

/** True when a tracer looks into what it started itself; of what ran before, it is a look into somebody else's memory. */
export const tracesOwn = (cmdline: string | undefined): boolean => {
  const look = (cmdline ?? '').slice(0, MAX_LOOK);
  return TRACERS.test(baseOf(look.split(' ', 1)[0] ?? '')) && !ATTACHES.test(look);
};

const SANDBOXES =
  /^(podman|buildah|conmon|crun|runc|containerd\S*|dockerd|buildkitd|rootlesskit|slirp4netns|pasta|netavark|fuse-overlayfs|bwrap|linux-sandbox|nsjail|firejail|chrome|chromium|nix\S*)$/;
const SHUTS_IN: ReadonlySet<string> = new Set([
  'mount',
  'umount',
  'umount2',
  'move_mount',
  'pivot_root',
  'chroot',
  'unshare',
  'setns',
  'memfd_create',
  'capset',
]);

/** True when a call that reaches into others is what the program is for: a tracer's, or a sandbox's that shuts itself in. */
export const reachesOwn = (call: string, cmdline: string | undefined): boolean =>
  call === 'ptrace'
    ? tracesOwn(cmdline)
    : SHUTS_IN.has(call) && SANDBOXES.test(baseOf((cmdline ?? '').slice(0, MAX_LOOK).split(' ', 1)[0] ?? ''));

const PROCESS_FILE = /^\/proc\/(self|thread-self|\d+)\//;

/** True when a path in /proc is the reader's own. */
export const isOwnProcess = (path: string, pid: number, vpid: number | undefined): boolean => {
  const owner = PROCESS_FILE.exec(path)?.[1];
  return owner === 'self' || owner === 'thread-self' || owner === String(pid) || owner === String(vpid ?? pid);
};
