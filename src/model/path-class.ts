/**
 * What a path means for a session. The order is the order of trial: the first class whose pattern fits is the path's.
 * Classes under `secret:` and `process:` are sensitive to read, those under `persistence:` and `agent-config` to write.
 */
const CLASSES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['secret:aws', /\/\.aws\/(credentials|config|sso\/|cli\/cache\/)/],
  ['persistence:authorized-keys', /\/\.ssh\/authorized_keys2?$/],
  ['secret:ssh', /\/\.ssh\/(?!known_hosts|config$)[^/]/],
  ['secret:git', /\/(\.git-credentials|\.netrc|\.config\/git\/credentials)$/],
  ['secret:github', /\/\.config\/gh\/hosts\.yml$/],
  [
    'secret:registry',
    /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)\/(\.npmrc|\.pypirc|\.yarnrc\.yml|\.gem\/credentials|\.cargo\/credentials(\.toml)?)$/,
  ],
  ['secret:gcp', /\/(\.config\/gcloud\/|application_default_credentials\.json$)/],
  ['secret:azure', /\/\.azure\//],
  ['secret:kubernetes', /\/\.kube\/config$|^\/var\/run\/secrets\/|^\/run\/secrets\/kubernetes\.io\//],
  ['secret:docker', /\/\.docker\/config\.json$/],
  ['secret:vault', /\/(\.vault-token|\.gnupg\/|\.password-store\/|\.terraform\.d\/credentials)/],
  [
    'secret:agent',
    /\/(\.claude\/\.credentials\.json|\.codex\/auth\.json|\.gemini\/(oauth_creds|google_accounts)\.json)/,
  ],
  ['secret:env-file', /\/\.env(\.(?!example|sample|template|dist)[\w.-]+)?$/],
  ['secret:system', /^\/etc\/(shadow|gshadow|sudoers|ssh\/ssh_host)/],
  ['process:environ', /^\/proc\/[^/]+\/(task\/\d+\/)?environ$/],
  ['process:memory', /^\/proc\/\d+\/(task\/\d+\/)?mem$/],
  [
    'persistence:shell-profile',
    /\/\.(bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zprofile|zshenv|zlogin)$|^\/etc\/(profile|bash\.bashrc|zsh)/,
  ],
  ['persistence:cron', /^\/var\/spool\/cron\/|^\/etc\/(cron|anacrontab)/],
  ['persistence:autostart', /\/\.config\/(autostart|systemd\/user)\/|^\/(etc|usr\/lib|lib)\/systemd\/(system|user)\//],
  ['persistence:git-hook', /\/\.git\/hooks\/(?!.*\.sample$)[^/]/],
  [
    'agent-config',
    /\/(\.claude\/(settings[^/]*\.json|(agents|commands|hooks|skills)\/)|\.gemini\/settings\.json|\.codex\/config\.toml|\.mcp\.json|(CLAUDE|AGENTS|GEMINI)(\.local)?\.md|\.cursorrules)/,
  ],
  ['agent-state', /\/\.(claude|codex|gemini)(\/|$)|\/\.claude\.json/],
  ['ci-config', /\/(\.github\/(workflows|actions)\/|\.gitlab-ci\.yml$|Jenkinsfile$|\.tekton\/)/],
  ['git', /\/\.git(\/|$)/],
  ['dependencies', /\/(node_modules|\.venv|site-packages|vendor\/bundle)(\/|$)/],
];

const HOME = /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)(\/|$)/;
const CACHE =
  /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)\/(\.cache|\.npm|\.cargo|\.rustup|\.local\/share|\.pnpm-store|go\/pkg|Library\/Caches)(\/|$)/;
const TEMP = /^(\/tmp|\/var\/tmp|\/dev\/shm|\/private\/tmp)(\/|$)/;
const SYSTEM = /^\/(usr|lib\d*|bin|sbin|etc|opt|proc|sys|dev|var|run|snap|nix)(\/|$)/;

/** The class of an absolute path. `workspace` is the session's working directory, where it is known. */
export const pathClass = (path: string, workspace?: string): string => {
  for (const [name, pattern] of CLASSES) if (pattern.test(path)) return name;
  if (workspace !== undefined && workspace.length > 1 && isBelow(path, workspace)) return 'workspace';
  if (TEMP.test(path)) return 'temp';
  if (CACHE.test(path)) return 'cache';
  if (HOME.test(path)) return 'home';
  return SYSTEM.test(path) ? 'system' : 'other';
};

/** True where merely reading is remarkable. */
export const isSecret = (name: string): boolean => name.startsWith('secret:') || name.startsWith('process:');

/** True where writing changes what will run later, or what the agent may do. */
export const isControl = (name: string): boolean =>
  name.startsWith('persistence:') || name === 'agent-config' || name === 'ci-config';

export const isBelow = (path: string, directory: string): boolean =>
  path === directory || (path.startsWith(directory) && path[directory.length] === '/');
