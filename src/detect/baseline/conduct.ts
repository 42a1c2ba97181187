import type { AgentAction, Network } from '../../model/action.ts';

/**
 * How a command uses what it runs, as far as its own words tell: the same program to the same host is another thing when
 * it sends a file than when it fetches a page. Words alone prove nothing, so most of it counts only together with a
 * connection that the kernel saw.
 */
const INTERPRETER = String.raw`(?:sudo\s+|env\s+)*(?:\S*/)?(?:(?:ba|z|da|k|a)?sh|python[\d.]*|node|perl|ruby|php)\b`;

const SENDS: readonly RegExp[] = [
  /\bcurl\b[^|;&]*\s(-[a-zA-Z]*[dFT](?=[\s@'"=]|$)|--(data|form|upload-file|json)[\w-]*|(-X|--request)[ =]?['"]?(POST|PUT|PATCH))/,
  /\bwget\b[^|;&]*\s--(post-|body-|method[= ](POST|PUT|PATCH))/i,
  // What a command prints becomes part of an address.
  /\b(curl|wget|dig|nslookup|host|ping)\b[^|;&]*(\$\(|`)/,
  /(?<!\bgsutil\s[^|;&]*)\b(nc|ncat|netcat|socat|telnet|scp|sftp|rsync|ftp|tftp)\b|\bopenssl\s+s_client\b|\/dev\/(tcp|udp)\//,
  // From here into a bucket; the other way round it is a download.
  /\b(aws\s+s3|gsutil|rclone)\s+(-\S+\s+)*(cp|mv|sync|rsync|copy|copyto|move)\s+(-\S+\s+)*(?!-|(s3|gs):\/\/|[\w-]+:)\S/,
  /\b(requests\.(post|put|patch)|urlopen\([^)]*data\s*=|method['"]?\s*[:=]\s*['"](POST|PUT|PATCH)|\.sendall?\()/i,
];
const PUSHES =
  /\b(git\b[^|;&]*\spush|gh\s+\w+\s+(create|comment|edit|upload)|docker\s+push|(npm|pnpm|yarn|cargo|twine)\s+(publish|upload))\b/;
/** To the forge, but not to the repository that the work is on. */
const ELSEWHERE = /\bgh\s+(gist|repo)\s+(create|edit)\b|\bgh\s[^|;&]*\s(--repo|-R)\b/;
const GIT_PUSH = /\bgit\b[^|;&]*?\spush\b([^|;&]*)/g;
const OWN_REMOTE = /^["']?(origin|upstream)["']?$/;
const RUNS_DOWNLOAD: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:curl|wget)\b[^;&]*\|\s*(?:tee\s+\S+\s*\|\s*)?${INTERPRETER}`),
  new RegExp(
    String.raw`(?:${INTERPRETER}|\beval|\bsource|(?:^|\s)\.)\s+(?:-\w+\s+)*["']?(?:<\(|\$\(|${'`'})\s*(?:curl|wget)\b`,
  ),
];
const DECODES = new RegExp(
  String.raw`\b(?:base64\s+(?:-d|-D|--decode)|xxd\s+-r|openssl\s+enc\s[^|]*-d)[^;&]*\|\s*(?:gunzip\s*\|\s*)?${INTERPRETER}`,
);
const DUMPS = /(?:^|[;&|(]\s*)(?:env|printenv|export\s+-p|declare\s+-p?x)\s*(?:$|[|;>&)])/;

const OFFERS = /\b(nc|ncat|netcat|socat)\b[^|;&]*(\s-\w*[ec]\s|\s--(exec|sh-exec)|\b(exec|system|pty):)/i;

const OUTWARD: readonly Network[] = ['public', 'private', 'link-local'];

/** Names of what the command does by its own words, each at most once. */
export const conductOf = ({ title, effects }: AgentAction): readonly string[] => {
  const reached = OUTWARD.filter((network) =>
    effects.connections.some((connection) => !connection.modelApi && connection.network === network),
  );
  const conduct: string[] = [];
  for (const network of reached) {
    if (SENDS.some((pattern) => pattern.test(title))) conduct.push(`sends ${network}`);
    if (PUSHES.test(title)) conduct.push(`pushes ${isElsewhere(title) ? 'elsewhere ' : ''}${network}`);
  }
  if (reached.length > 0 && RUNS_DOWNLOAD.some((pattern) => pattern.test(title)))
    conduct.push('runs what it downloads');
  if (DECODES.test(title)) conduct.push('runs what it decodes');
  if (OFFERS.test(title)) conduct.push('offers a shell');
  if (DUMPS.test(title)) conduct.push('lists the environment');
  return conduct;
};

/** True of a push whose target is named, and is none of the names that every clone has. */
const isElsewhere = (title: string): boolean =>
  ELSEWHERE.test(title) ||
  [...title.matchAll(GIT_PUSH)].some(([, args = '']) => {
    const words = args.split(' ').filter((word) => word !== '');
    const remote = words.find((word, at) => !word.startsWith('-') && !/^(-o|--push-option)$/.test(words[at - 1] ?? ''));
    return remote !== undefined && !OWN_REMOTE.test(remote);
  });

/** True when an interpreter is told to run this file. */
export const interprets = (title: string, path: string): boolean => {
  const at = title.indexOf(path);
  return (
    at > 0 &&
    new RegExp(String.raw`(?:${INTERPRETER}|\bsource|(?:^|[\s;&])\.)\s+(?:-\w+\s+)*["']?$`).test(title.slice(0, at))
  );
};
