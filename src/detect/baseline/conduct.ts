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
  /\b(nc|ncat|netcat|socat|telnet|scp|sftp|rsync|ftp|tftp)\b/,
  /\b(aws\s+s3\s+(cp|mv|sync)|gsutil\s+(cp|rsync)|rclone\s+(copy|sync)|(npm|pnpm|yarn|cargo|twine)\s+(publish|upload))\b/,
  /\b(requests\.(post|put|patch)|urlopen\([^)]*data\s*=|method['"]?\s*[:=]\s*['"](POST|PUT|PATCH)|\.sendall?\()/i,
];
const PUSHES = /\b(git\b[^|;&]*\spush|gh\s+\w+\s+(create|comment|edit|upload)|docker\s+push)\b/;
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
    if (PUSHES.test(title)) conduct.push(`pushes ${network}`);
  }
  if (reached.length > 0 && RUNS_DOWNLOAD.some((pattern) => pattern.test(title)))
    conduct.push('runs what it downloads');
  if (DECODES.test(title)) conduct.push('runs what it decodes');
  if (OFFERS.test(title)) conduct.push('offers a shell');
  if (DUMPS.test(title)) conduct.push('lists the environment');
  return conduct;
};

/** True when an interpreter is told to run this file. */
export const interprets = (title: string, path: string): boolean => {
  const at = title.indexOf(path);
  return (
    at > 0 &&
    new RegExp(String.raw`(?:${INTERPRETER}|\bsource|(?:^|[\s;&])\.)\s+(?:-\w+\s+)*["']?$`).test(title.slice(0, at))
  );
};
