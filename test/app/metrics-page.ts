import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SRC = join(import.meta.dirname, '../../src');

/** The folders whose metrics have a section of their own, in the order in which an event passes them. */
const SECTIONS: Readonly<Record<string, string>> = {
  source: 'Events come in',
  decode: 'Records become events, and what is missing is noted',
  process: 'Events find their session',
  action: 'Sessions are told as actions',
  detect: 'Actions are judged and learned from',
  alert: 'Alerts go out',
  platform: 'Certificates are renewed',
  stream: 'Each stage',
};

/** The folder of each metric that the source names. */
export const metricsInSource = (): ReadonlyMap<string, string> => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(
    files.flatMap((file) => {
      const [folder = ''] = file.split('/');
      return namesIn(readFileSync(join(SRC, file), 'utf8')).map((name) => [name, folder] as const);
    }),
  );
};

/** Names that stand whole, and those that are made of a common beginning and the first argument of `about`. */
const namesIn = (text: string): readonly string[] => {
  const whole = [...text.matchAll(/\bname: '(creance_\w+)'/g)].map(([, name = '']) => name);
  const beginning = /\bname: `(creance_\w+)\$\{name\}`/.exec(text)?.[1];
  if (beginning === undefined) return whole;
  return [...whole, ...[...text.matchAll(/\babout\('(\w+)'/g)].map(([, end = '']) => `${beginning}${end}`)];
};

export interface MetricDoc {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (metrics: readonly MetricDoc[]): string =>
  [
    '| Metric | Type | Labels | Meaning |',
    '|---|---|---|---|',
    ...metrics.map(({ name, type, labels, help }) => {
      const names = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${names} | ${cell(help)} |`;
    }),
  ].join('\n');

/** docs/reference/metrics.md. */
export const metricsPage = (metrics: readonly MetricDoc[], folders: ReadonlyMap<string, string>): string => {
  const sorted = metrics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const sections = Object.entries(SECTIONS).map(([folder, title]) => {
    const own = sorted.filter(({ name }) => folders.get(name) === folder);
    return `## ${title}\n\n${table(own)}\n`;
  });
  return `# Metrics

<!-- Made from the metrics that the program registers, by \`npm run metrics\`; do not edit. -->

\`creance watch\` serves them at \`/metrics\` of \`server.listen\`. What belongs to a part that is not configured, such as a webhook
or the gRPC source, is not there. Values of labels are few and known, but for \`version\`, \`engine_version\` (of Falco) and
\`alertmanager\`, which names what is configured. The chart's [alerts](../../helm/creance/files/alerts.yaml) and
[dashboard](../../helm/creance/files/dashboard.json) ask for these.

${sections.join('\n')}
## The process

Memory, CPU, file descriptors, event loop and garbage collection are the \`process_…\` and \`nodejs_…\` of
[prom-client](https://github.com/siimon/prom-client).
`;
};
