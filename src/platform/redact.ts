/** One known shape of a secret and what stands in its place; `$1` keeps what stands before the secret. */
type Shape = readonly [pattern: RegExp, replacement: string];

const { raw } = String;

/** Tokens that their issuers made to be known by sight. */
const TOKENS: readonly (readonly [kind: string, ...shapes: string[]])[] = [
  ['AWS key', raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])`],
  ['GitHub token', raw`(?:gh[pousr]_|github_pat_)[A-Za-z0-9_.-]{20,}`],
  ['GitLab token', raw`gl(?:pat|cbt|dt|rt|ptt|ft|soat|agent|imt|ffct|oas)-[A-Za-z0-9_.-]{20,}`],
  ['npm token', raw`npm_[A-Za-z0-9]{30,}`],
  ['PyPI token', raw`pypi-[A-Za-z0-9_-]{50,}`],
  ['Docker token', raw`dckr_[po]at_[A-Za-z0-9_-]{20,}`],
  ['Slack token', raw`(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}`],
  ['Google key', raw`AIza[A-Za-z0-9_-]{35}`],
  ['Google token', raw`ya29\.[A-Za-z0-9_-]{20,}`],
  ['Hugging Face token', raw`hf_[A-Za-z0-9]{30,}`],
  ['Vault token', raw`hv[bsr]\.[A-Za-z0-9_-]{20,}`],
  ['JWT', raw`(?<![_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`],
  [
    'API key',
    raw`(?<!-)sk-(?:(?:ant|proj|svcacct|admin|or)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{20,})`, // Anthropic, OpenAI
    raw`(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{16,}`, // Stripe
    raw`SG\.[\w-]{20,64}\.[\w-]{20,}`, // SendGrid
    raw`do[opr]_v1_[0-9a-f]{64}`, // DigitalOcean
    raw`AGE-SECRET-KEY-1[A-Z0-9]{40,}`,
  ],
];

/** Names whose value is a secret. `tokens` (a count) and `tokenizer` are not, nor what only tells a file, kind or limit. */
const NAME = 'passw(?:or)?d|passphrase|secret|token(?!s|i)|(?:api|access|account|private)[_-]?key|credentials?';
const ASIDE = raw`(?![\w.-]{0,32}(?:stdin|file|path|name|type|limit|length|size|ttl)(?![\w.-]))`;
const EDGE = raw`(?<![\w.-])`;
const NAMED = raw`[\w.-]{0,64}?(?:${NAME})${ASIDE}[\w.-]{0,64}`;
/** What stands in quotes, themselves escaped or not, or a word: of which a token may have been taken out already. */
const VALUE = raw`(?:\\{0,3}"[^"]*"|'[^']*'|(?:\[redacted[\w ]{0,30}\]|[^\s"'&;|,])+)`;
/** What may stand between a program and its option. */
const ARGS = raw`\s(?:[^|;&\r\n]{0,200}?\s)??`;

/** What a key begins with after `config set`, and without `set` what is no prose. */
const KEY = raw`(?:set\s{1,8}|(?=[^\s.:/]{1,100}[.:/]))[^\s"'=]{0,200}?`;

const behind = (before: string, value = VALUE, flags = 'gi'): Shape => [
  new RegExp(`(${before})${value}`, flags),
  '$1[redacted]',
];

/**
 * Order matters: blocks and tokens of known shape first, then values given away by what stands before them. Every
 * quantifier that could meet another on the same text is bounded, so that hostile text costs linear time.
 */
const SHAPES: readonly Shape[] = [
  // A key cut short by Falco's line length has no end mark: the rest of the text goes with it.
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g,
    '[redacted private key]',
  ],
  ...TOKENS.map(
    ([kind, ...shapes]): Shape => [new RegExp(`(?<![A-Za-z0-9])(?:${shapes.join('|')})`, 'g'), `[redacted ${kind}]`],
  ),
  // Addresses that are secrets themselves: who knows them may post, or read.
  behind(raw`hooks\.slack\.com/[a-z]{1,20}/`, '[A-Za-z0-9/]{20,}'),
  behind(raw`discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{1,20}/`, raw`[\w-]{20,}`),
  behind(raw`api\.telegram\.org/(?:file/)?bot\d{1,20}:`, raw`[\w-]{20,}`),
  behind(raw`[?&](?:sig|x-(?:amz|goog)-signature)=`, raw`[^\s&"'#]+`),
  // Greedy up to the last `@` before the path: passwords do hold an unescaped `@`.
  behind(raw`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://[^\s/?#"'@:]{0,200}:`, raw`[^\s/?#"']*(?=@)`),
  behind(raw`(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://`, raw`[^\s/?#"'@:]{20,200}(?=@)`),
  // Options that mean a password to one program alone.
  behind(raw`(?:^|\s)(?:-u\s{0,8}|--user[\s=]{1,8})["']?(?!\d+:\d+(?:\s|$))[^\s:"']{1,200}:`, raw`[^\s"']+`, 'g'),
  behind(raw`\b(?:mysql|mysqldump|mysqladmin|mariadb)${ARGS}-p(?=\S)`, VALUE, 'g'),
  behind(raw`\b(?:sshpass|login)${ARGS}-p\s{0,8}`, VALUE, 'g'),
  behind(raw`\bredis-cli${ARGS}-a\s{1,8}`, VALUE, 'g'),
  behind(raw`\s-pass(?:in|out)?\s{1,8}pass:`),
  behind(raw`--from-literal[\s=]{1,8}[\w.-]{1,100}=`),
  behind(raw`\baws_(?:secret_access_key|session_token)\s{0,8}=?\s{0,8}`, '[A-Za-z0-9/+=]{16,}'),
  behind(raw`\bcurl${ARGS}(?:-b|--cookie)[\s=]{1,8}["']?[^\s"'=]{1,100}=`, raw`[^\s"']+`, 'g'),
  behind(raw`\bconfig\s{1,8}(?:--[a-z]{1,20}\s{1,8}){0,4}${KEY}(?:_auth|${NAMED})\s{1,8}(?!-)`),
  // Headers, lines of YAML, JSON, variables. A bare `token: …` or `secret: …` is prose far more often.
  behind(raw`\b(?:proxy-)?authorization\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?(?:[a-z]{1,20}\s{1,8})?`),
  behind(raw`\b(?:bearer|basic)\s{1,8}(?=[^\s\d]{0,200}\d)`, '[A-Za-z0-9._~+/=-]{16,}'),
  behind(raw`\b(?:set-)?cookie:\s{0,8}(?=[^\s"'=]{1,200}=)`, raw`[^"'\r\n]+`),
  behind(raw`(?<![\w./-])x-[\w-]{0,64}(?:key|token|secret):\s{0,8}`),
  behind(raw`${EDGE}(?:[\w-]{1,64}[_-](?:${NAME})|passw(?:or)?d):\s{1,8}`),
  behind(raw`["']${NAMED}\\{0,3}["']\s{0,8}:\s{0,8}`),
  behind(raw`["']_?auth\\{0,3}["']\s{0,8}:\s{0,8}(?=\\{0,3}["'][A-Za-z0-9+/=_-]{8})`),
  behind(raw`${EDGE}-{0,2}${NAMED}=`),
  behind(raw`${EDGE}\w{0,64}(?:_KEY|_AUTH|_PWD|_PASS|_auth)=`, VALUE, 'g'),
  behind(raw`${EDGE}--?${NAMED}\s{1,8}(?!-)`),
];

/**
 * The text with every secret of a known shape taken out. It knows shapes and tell-tale names only: a password that
 * stands alone as a word stays. Run it on whole text, before any cut, or half a token stays behind.
 */
export const redact = (text: string): string =>
  SHAPES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
