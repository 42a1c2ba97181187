import { type Check, checksOf } from '../../model/check.ts';
import type { SourceConfig } from '../config.ts';
import { parseAddress } from '../http/address.ts';
import type { FalcoSettings } from './settings.ts';
import type { ConfigCheck } from './wanted.ts';

const { ok, warning, problem } = checksOf('falco.yaml');

const write = (line: string): string => `http_output:\n  ${line}`;

/** The HTTP output, when it is how events come to us. */
export const checkHttp: ConfigCheck = (settings, { source, transport }) => {
  if (transport !== 'http') return [];
  if (!settings.flag('http_output.enabled', false)) {
    return [
      problem(
        'http_output.enabled',
        'is off: Falco sends creance nothing',
        write(`enabled: true\n  url: ${exampleUrl(source)}`),
      ),
    ];
  }
  return [
    ok('http_output.enabled', 'is on'),
    ...checkUrl(settings.text('http_output.url'), source),
    ...checkTls(settings, source),
    settings.flag('http_output.keep_alive', false)
      ? ok('http_output.keep_alive', 'one connection serves all events')
      : warning(
          'http_output.keep_alive',
          'Falco makes a new connection for each event, on its only output thread',
          write('keep_alive: true'),
        ),
    ...(settings.flag('http_output.compress_uploads', false)
      ? [
          warning(
            'http_output.compress_uploads',
            'Falco packs each event on its only output thread; nearby that costs more than it saves',
            write('compress_uploads: false'),
          ),
        ]
      : []),
  ];
};

const secure = ({ http: { tls } }: SourceConfig): boolean => tls.cert !== undefined;

const exampleUrl = (source: SourceConfig): string => {
  const { host, port, path } = parseAddress(source.url);
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  // A path is a secret: it is compared, and not shown.
  const hidden = (source.http.path ?? path) === undefined ? '/' : '/<the path that creance accepts>';
  return `${secure(source) ? 'https' : 'http'}://${shown}:${port}${hidden}`;
};

const checkUrl = (text: string | undefined, source: SourceConfig): readonly Check[] => {
  const fix = write(`url: ${exampleUrl(source)}`);
  if (text === undefined || !URL.canParse(text)) {
    return [problem('http_output.url', text === undefined ? 'is not set' : `${text} is no URL`, fix)];
  }
  const theirs = new URL(text);
  const ours = parseAddress(source.url);
  const scheme = secure(source) ? 'https:' : 'http:';
  const port = theirs.port === '' ? (theirs.protocol === 'https:' ? 443 : 80) : Number(theirs.port);
  const path = source.http.path ?? ours.path;
  const wrong = [
    ...(theirs.protocol !== scheme ? [`begins with ${theirs.protocol}//, and creance serves ${scheme}//`] : []),
    ...(port !== ours.port ? [`has port ${port}, and creance listens on ${ours.port}`] : []),
    ...(path !== undefined && theirs.pathname !== path ? ['has another path than the one that creance accepts'] : []),
  ];
  if (wrong.length === 0) return [ok('http_output.url', `leads to port ${port}, where creance listens`)];
  return [problem('http_output.url', `${theirs.origin} ${wrong.join('; it ')}`, fix)];
};

const checkTls = (settings: FalcoSettings, source: SourceConfig): readonly Check[] => {
  const { ca } = source.http.tls;
  const mtls = settings.flag('http_output.mtls', false);
  if (ca !== undefined) {
    const ready = mtls && settings.has('http_output.client_cert') && settings.has('http_output.client_key');
    const fix = write(
      'mtls: true\n  client_cert: /etc/falco/certs/client.crt\n  client_key: /etc/falco/certs/client.key',
    );
    return ready
      ? [ok('http_output.mtls', 'Falco shows a certificate')]
      : [
          problem(
            'http_output.mtls',
            'creance demands a certificate of Falco (source.http.tls.ca), and Falco shows none',
            fix,
          ),
        ];
  }
  if (!secure(source)) return [];
  return settings.flag('http_output.insecure', false)
    ? [
        warning(
          'http_output.insecure',
          'Falco talks to whoever answers at this address',
          write('insecure: false\n  ca_cert: /etc/falco/certs/ca.crt'),
        ),
      ]
    : [];
};
