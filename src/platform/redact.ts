/** One known shape of a secret and what stands in its place; `$1` … keep what surrounds the secret. */
type Shape = readonly [pattern: RegExp, replacement: string];

/** Names whose value is a secret. `tokens` (a count) and `tokenizer` are not, nor is a flag that names a file. */
const NAME = 'passw(?:or)?d|passphrase|secret|token(?!s|i)|api[_-]?key|access[_-]?key|private[_-]?key|credentials?';
const EDGE = '(?<![\\w.-])';
const NAMED = `[\\w.-]{0,64}?(?:${NAME})(?!-(?:stdin|file))[\\w.-]{0,64}`;
const VALUE = '(?:"[^"]*"|\'[^\']*\'|[^\\s"\'&;|,]+)';

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
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g, '[redacted AWS key]'],
  [/(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_)[A-Za-z0-9_.-]{20,}/g, '[redacted GitHub token]'],
  [/(?<![A-Za-z0-9])glpat-[A-Za-z0-9_.-]{20,}/g, '[redacted GitLab token]'],
  [/(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}/g, '[redacted npm token]'],
  [/(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{50,}/g, '[redacted PyPI token]'],
  [/(?<![A-Za-z0-9-])sk-(?:ant|proj|svcacct|admin|or)-[A-Za-z0-9_-]{20,}/g, '[redacted API key]'],
  [/(?<![A-Za-z0-9-])sk-[A-Za-z0-9]{20,}/g, '[redacted API key]'],
  [/(?<![A-Za-z0-9])[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g, '[redacted API key]'],
  [/(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}/g, '[redacted Slack token]'],
  [/(hooks\.slack\.com\/services\/)[A-Za-z0-9/]{20,}/g, '$1[redacted]'],
  [/(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g, '[redacted Google key]'],
  [/(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,}/g, '[redacted Google token]'],
  [/(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/g, '[redacted Hugging Face token]'],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[redacted JWT]'],
  // Greedy up to the last `@` before the path: passwords do hold an unescaped `@`.
  [/((?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#"'@:]{0,200}):[^\s/?#"']*@/gi, '$1:[redacted]@'],
  [/((?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'@:]{20,200}@/gi, '$1[redacted]@'],
  [/((?:^|\s)(?:-u|--user)[\s=]+["']?(?!\d+:\d+(?:\s|$))[^\s:"']{1,200}:)[^\s"']+/g, '$1[redacted]'],
  [/(\bsshpass\s+-p\s*)\S+/g, '$1[redacted]'],
  [/(\b(?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:[a-z]{1,20}\s{1,8})?)[^\s"',;]+/gi, '$1[redacted]'],
  [/(\b(?:bearer|basic)\s{1,8})(?=[^\s\d]{0,200}\d)[A-Za-z0-9._~+/=-]{16,}/gi, '$1[redacted]'],
  [new RegExp(`${EDGE}(-{0,2}${NAMED}=)${VALUE}`, 'gi'), '$1[redacted]'],
  [new RegExp(`${EDGE}(\\w{0,64}(?:_KEY|_AUTH|_PWD|_PASS)=)${VALUE}`, 'g'), '$1[redacted]'],
  [new RegExp(`${EDGE}(--?${NAMED}\\s{1,8})(?!-)${VALUE}`, 'gi'), '$1[redacted]'],
  [new RegExp(`(["']${NAMED}["']\\s{0,8}:\\s{0,8})${VALUE}`, 'gi'), '$1[redacted]'],
  // A header or a line of YAML. A bare `token: …` or `secret: …` is prose far more often.
  [
    new RegExp(`${EDGE}((?:\\w{1,64}[_-](?:${NAME})|x-[\\w-]{0,64}key|passw(?:or)?d):\\s{1,8})${VALUE}`, 'gi'),
    '$1[redacted]',
  ],
];

/**
 * The text with every secret of a known shape taken out. It knows shapes and tell-tale names only: a password that
 * stands alone as a word stays. Run it on whole text, before any cut, or half a token stays behind.
 */
export const redact = (text: string): string =>
  SHAPES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
