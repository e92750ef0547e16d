import { expect, test } from 'vitest';
import { addressKind } from '../../server/outlets/address-kind.js';

test.each([
  ['127.0.0.1', 'this machine'],
  ['::1', 'this machine'],
  ['::ffff:127.0.0.1', 'this machine'],
  ['192.168.1.9', 'private network'],
  ['::ffff:10.1.2.3', 'private network'],
  ['172.31.0.1', 'private network'],
  ['172.32.0.1', 'elsewhere'],
  ['fd12::1', 'private network'],
  ['fe80::1%eth0', 'private network'],
  ['2001:db8::1', 'elsewhere'],
  ['8.8.8.8', 'elsewhere'],
  ['', 'unknown'],
  [undefined, 'unknown'],
] as const)('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});
