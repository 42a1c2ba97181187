/** Files whose reading may be a theft: keys, tokens, credentials, other processes' environment and memory. */
const SENSITIVE = new RegExp(
  [
    String.raw`(?:^|/)\.(?:aws|ssh|kube|gnupg|azure|password-store|docker/config\.json|config/(?:gcloud|gh|hub)|vault-token)(?:/|$)`,
    String.raw`(?:^|/)\.(?:env(?:\.[^/]*)?|envrc|npmrc|yarnrc(?:\.yml)?|netrc|pypirc|pgpass|git-credentials|mcp\.json|claude\.json)$`,
    String.raw`(?:^|/)\.(?:claude|codex|gemini)/(?:[^/]*(?:settings|auth|credential|oauth|config|hooks|trusted)[^/]*|(?:hooks|agents|commands|skills)/.*)$`,
    String.raw`(?:^|/)(?:\.?credentials(?:\.\w+)?|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*key[^/]*\.pem|[^/]*\.(?:p12|pfx|jks|keystore|kdbx))$`,
    String.raw`^/etc/(?:g?shadow-?|sudoers(?:\.d/.*)?|krb5\.keytab)$`,
    '^/proc/.*/(?:environ|mem)$',
    '^/(?:var/)?run/secrets(?:/|$)',
  ].join('|'),
);

/** Files whose writing runs code later, or tells an agent what to do. */
const PERSISTENT = new RegExp(
  [
    String.raw`(?:^|/)\.(?:bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|gitconfig)$`,
    String.raw`(?:^|/)\.(?:git/(?:hooks/|config$)|github/workflows/|config/(?:autostart|systemd|fish)/|vscode/)`,
    String.raw`(?:^|/)(?:CLAUDE|AGENTS|GEMINI)(?:\.local)?\.md$`,
    String.raw`^/etc/(?:cron|profile|ld\.so|systemd|init|pam\.d|passwd|hosts)`,
    '^/var/spool/cron',
  ].join('|'),
);

export const isSensitive = (path: string): boolean => SENSITIVE.test(path);
export const isPersistent = (path: string): boolean => PERSISTENT.test(path);
