import { BlockList, isIP } from 'node:net';
import type { Network } from '../model/action.ts';

const blocks = (ranges: readonly (readonly [address: string, prefix: number])[]): BlockList => {
  const list = new BlockList();
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
};

const LOOPBACK = blocks([
  ['127.0.0.0', 8],
  ['::1', 128],
]);
const LINK_LOCAL = blocks([
  ['169.254.0.0', 16],
  ['fe80::', 10],
]);
const PRIVATE = blocks([
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
]);

/** The reach of an address. Link-local holds the clouds' metadata services. What is no address counts as public. */
export const networkOf = (address: string): Network => {
  const bare = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  const family = isIP(bare) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(bare) === 0) return 'public';
  if (LOOPBACK.check(bare, family)) return 'loopback';
  if (LINK_LOCAL.check(bare, family)) return 'link-local';
  return PRIVATE.check(bare, family) ? 'private' : 'public';
};
