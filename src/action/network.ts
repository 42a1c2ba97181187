import { BlockList, isIP } from 'node:net';
import type { Network } from '../model/action.ts';

const blocks = (ranges: readonly (readonly [address: string, prefix: number])[]): BlockList => {
  const list = new BlockList();
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
};

const LOOPBACK = blocks([
  ['127.0.0.0', 8],
  ['0.0.0.0', 32],
  ['::1', 128],
  ['::', 128],
]);
/** Link-local addresses, and those elsewhere at which clouds serve the same: a machine's metadata and credentials. */
const LINK_LOCAL = blocks([
  ['169.254.0.0', 16],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
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
  if (isIP(bare) === 0) return 'public';
  const family = isIP(bare) === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(bare, family)) return 'loopback';
  if (LINK_LOCAL.check(bare, family)) return 'link-local';
  return PRIVATE.check(bare, family) ? 'private' : 'public';
};

/** The neighbourhood of an address, within which a service's addresses rotate: its /16, or /32 for IPv6. */
export const neighbourhood = (address: string): string =>
  isIP(address) === 6 ? address.split(':', 2).join(':') : address.split('.', 2).join('.');
