/**
 * What paths mean, in order of trial: the first class whose pattern fits is the path's.
 * Classes under `secret:` and `process:` are sensitive to read; those under `persistence:`, and `agent-config`, `ci-config`,
 * `autorun` and `git-config`, are sensitive to write.
 */
export const PATH_TABLE: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['secret:aws', /\/\.aws\/(credentials|config|sso\/|cli\/cache\/)/],
  ['persistence:authorized-keys', /\/\.ssh\/authorized_keys2?$/],
  ['persistence:ssh-config', /\/\.ssh\/(config|rc)$/],
  ['secret:ssh', /\/\.ssh\/(?!known_hosts)[^/]/],
  [
    'secret:ssh-agent',
    /^\/tmp\/ssh-[^/]+\/agent\.|\/keyring\/\.?ssh$|\/gcr\/\.?ssh$|\/S\.gpg-agent(\.\w+)?$|\/1password\/agent\.sock$/,
  ],
  ['secret:git', /\/(\.git-credentials|\.netrc|\.config\/git\/credentials|\.cache\/git\/credential\/)/],
  ['secret:github', /\/\.config\/(gh\/hosts\.yml|hub|glab-cli\/config\.yml)$/],
  [
    'secret:registry',
    /^(\/home\/[^/]+|\/root|\/Users\/[^/]+)\/(\.npmrc|\.pypirc|\.yarnrc\.yml|\.bunfig\.toml|\.gem\/credentials|\.cargo\/credentials(\.toml)?|\.pip\/pip\.conf|\.config\/pip\/pip\.conf|\.config\/pypoetry\/auth\.toml|\.local\/share\/uv\/credentials|\.m2\/settings(-security)?\.xml|\.gradle\/gradle\.properties|(\.config\/|\.)composer\/auth\.json|\.nuget\/NuGet\/NuGet\.Config)$/,
  ],
  ['secret:gcp', /\/(\.config\/gcloud\/|application_default_credentials\.json$)|\/\.boto$/],
  ['secret:azure', /\/\.azure\//],
  ['secret:kubernetes', /\/\.kube\/(config$|cache\/oidc)|^(\/var)?\/run\/secrets\//],
  ['secret:docker', /\/(\.docker\/config\.json|containers\/auth\.json|\.dockercfg)$/],
  [
    'secret:vault',
    /\/(\.vault-token|\.gnupg\/|\.password-store\/|\.terraform\.d\/credentials|\.terraformrc$|\.config\/op\/)/,
  ],
  [
    'secret:cloud',
    /\/(\.oci\/config|\.config\/(doctl\/config|hcloud\/cli|scw\/config|stripe\/config|rclone\/rclone|netlify\/config|configstore\/firebase-tools)\.\w+|\.fly\/config\.yml|com\.vercel\.cli\/auth\.json|\.vercel\/auth\.json|\.s3cfg|\.databrickscfg|\.snowflake\/|\.snowsql\/config)/,
  ],
  ['secret:database', /\/(\.pgpass|\.my\.cnf|\.mylogin\.cnf)$/],
  [
    'secret:agent',
    /\/(\.claude\/\.credentials\.json|\.codex\/auth\.json|\.gemini\/(oauth_creds|google_accounts|mcp-oauth-tokens[^/]*)\.json)/,
  ],
  // The credentials of a self-hosted CI runner, and what the hosted ones hand to a job.
  ['secret:runner', /\/\.(credentials(_rsaparams)?|runner)$|\/_work\/_temp\/\.[^/]*(token|cred)/],
  [
    'secret:browser',
    /\/(\.config\/(google-chrome|chromium|BraveSoftware|microsoft-edge|vivaldi|opera)[^/]*\/|\.mozilla\/firefox\/|\.thunderbird\/|Library\/(Application Support\/(Google\/Chrome|Firefox|BraveSoftware)|Cookies)\/)/,
  ],
  ['secret:keychain', /\/(\.local\/share\/(keyrings|kwalletd)\/|Library\/Keychains\/)/],
  [
    'secret:wallet',
    /\/(\.bitcoin\/|\.ethereum\/keystore\/|\.electrum\/|\.monero\/|\.config\/(solana\/id\.json|Exodus\/|Ledger Live\/)|wallet\.dat$)/,
  ],
  ['secret:history', /\/\.(bash|zsh|sh|python|node_repl|psql|mysql|irb)_history$/],
  ['secret:env-file', /\/\.env(\.(?!example|sample|template|dist|defaults)[\w.-]+)?$/],
  [
    'secret:system',
    /^\/etc\/(shadow|gshadow|sudoers|ssh\/ssh_host|ssl\/private\/|letsencrypt\/(live|archive)\/|krb5\.keytab|security\/opasswd)/,
  ],
  ['process:environ', /^\/proc\/[^/]+\/(task\/\d+\/)?environ$/],
  ['process:memory', /^\/proc\/(\d+\/(task\/\d+\/)?(mem|maps|smaps|pagemap)|kcore)$|^\/dev\/k?mem$/],
  [
    'persistence:shell-profile',
    /\/\.(bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zprofile|zshenv|zlogin|xprofile|pam_environment)$|\/\.config\/fish\/|^\/etc\/(profile|bash\.bashrc|zsh|environment$)/,
  ],
  ['persistence:cron', /^\/var\/spool\/(cron|at)\/|^\/etc\/(cron|anacrontab)/],
  [
    'persistence:autostart',
    /\/\.config\/(autostart|systemd\/user)\/|^\/(etc|usr\/lib|lib|run)\/systemd\/(system|user)\/|^\/etc\/(rc\.local$|rc\d\.d\/|init\.d\/|update-motd\.d\/|udev\/rules\.d\/)|\/Library\/Launch(Agents|Daemons)\//,
  ],
  ['persistence:loader', /^\/etc\/ld\.so\.(preload|conf)/],
  ['persistence:login', /^\/etc\/(pam\.d\/|pam\.conf$|security\/pam)|\/lib\/security\/pam_/],
  ['persistence:interpreter', /\/(site|user)customize\.py$/],
  ['persistence:git-hook', /(\/\.git|\/\.config\/git|\/git-core\/templates)\/hooks\/(?!.*\.sample$)[^/]/],
  [
    'agent-config',
    /\/(\.claude\/(settings[^/]*\.json|(agents|commands|hooks|skills|output-styles)\/)|\.gemini\/(settings\.json|(commands|extensions|hooks)\/)|\.codex\/(config\.toml|(hooks|prompts|rules|skills)\/)|\.mcp\.json|\.cursor\/(mcp\.json|hooks\.json|rules\/)|\.vscode\/mcp\.json|\.github\/copilot-instructions\.md|\.clinerules|\.windsurfrules|\.kiro\/|\.aider\.conf\.yml|opencode\.jsonc?$|(CLAUDE|AGENTS|GEMINI)(\.local|\.override)?\.md|\.cursorrules)/,
  ],
  ['agent-state', /\/\.(claude|codex|gemini)(\/|$)|\/\.claude\.json/],
  [
    'ci-config',
    /\/(\.github\/(workflows|actions)\/|\.gitlab-ci\.yml$|Jenkinsfile$|\.tekton\/|\.circleci\/|\.buildkite\/|\.drone\.yml$|\.travis\.yml$|azure-pipelines\.yml$|bitbucket-pipelines\.yml$)|\/_work\/_temp\/_runner_file_commands\//,
  ],
  // Files of a project that its tools run of themselves: when it is entered, opened, committed to.
  [
    'autorun',
    /\/(\.husky\/(?!_\/)|\.vscode\/(tasks|launch|settings)\.json$|\.envrc$|\.pre-commit-config\.yaml$|\.?lefthook(-local)?\.ya?ml$|\.devcontainer\/)/,
  ],
  ['git-config', /\/(\.git\/(modules\/.+\/)?config(\.worktree)?|\.gitconfig|\.config\/git\/config)$/],
  ['git', /\/\.git(\/|$)/],
  ['dependencies', /\/(node_modules|\.venv|venv|site-packages|vendor\/bundle)(\/|$)/],
];
