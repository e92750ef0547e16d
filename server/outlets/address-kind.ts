import { BlockList, isIP } from 'node:net';

/** Where a client connects from, without saying where: enough to know whose desk it may be. */
export type AddressKind = 'this machine' | 'private network' | 'elsewhere' | 'unknown';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const privateNetworks = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  privateNetworks.addSubnet(net, bits);
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

/** @param address IPv4 or IPv6, as sockets tell it */
export function addressKind(address: string | undefined): AddressKind {
  // A socket of both families tells IPv4 addresses so.
  const plain = address?.replace(/^::ffff:(?=\d+\.)/iu, '').replace(/%.*$/u, '') ?? '';
  const version = isIP(plain);
  if (version === 0) return 'unknown';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (loopback.check(plain, family)) return 'this machine';
  return privateNetworks.check(plain, family) ? 'private network' : 'elsewhere';
}
