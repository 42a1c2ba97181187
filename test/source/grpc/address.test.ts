import { expect, test } from 'vitest';
import { parseGrpcAddress } from '../../../src/source/grpc/address.ts';

test.each([
  [
    'unix:///run/falco/falco.sock',
    { kind: 'unix', path: '/run/falco/falco.sock', target: 'unix:/run/falco/falco.sock' },
  ],
  ['unix:/run/falco.sock', { kind: 'unix', path: '/run/falco.sock', target: 'unix:/run/falco.sock' }],
  ['https://falco.example:5061', { kind: 'tls', host: 'falco.example', target: 'dns:falco.example:5061' }],
  ['https://falco.example/', { kind: 'tls', host: 'falco.example', target: 'dns:falco.example:5060' }],
  ['https://[::1]:443', { kind: 'tls', host: '[::1]', target: 'dns:[::1]:443' }],
])('%s', (url, address) => expect(parseGrpcAddress(url)).toMatchObject(address));

test.each([
  '',
  'unix:',
  'unix://relative',
  'http://falco:5060',
  'https://',
  'https://a:b',
  'https://user@host',
  '/file',
])('not %j', (url) => expect(parseGrpcAddress(url)).toBeUndefined());
