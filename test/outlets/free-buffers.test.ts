import { expect, it } from 'vitest';
import { FreeBuffers } from '../../server/outlets/free-buffers.js';

it('a buffer that was given back is used again, whatever sizes come between', () => {
  const buffers = new FreeBuffers(100);
  const [small, large] = [buffers.take(20), buffers.take(30)];
  buffers.giveBack(small);
  buffers.giveBack(large);
  expect(buffers.take(20)).toBe(small);
  expect(buffers.take(30)).toBe(large);
});

it('two who use one at the same time never have the same', () => {
  const buffers = new FreeBuffers(100);
  const first = buffers.take(20);
  expect(buffers.take(20)).not.toBe(first);
  buffers.giveBack(first);
  expect(buffers.take(20)).toBe(first);
  expect(buffers.take(20)).not.toBe(first);
});

it('as many bytes are kept as it was told, those that were given back last', () => {
  const buffers = new FreeBuffers(100);
  const taken = [40, 50, 30].map((bytes) => buffers.take(bytes));
  for (const buffer of taken) buffers.giveBack(buffer);
  const [oldest, ...kept] = taken;
  expect(kept.map(({ length }) => buffers.take(length))).toEqual(kept);
  expect(kept.map(({ length }) => length)).toEqual([50, 30]);
  expect(buffers.take(oldest.length)).not.toBe(oldest);
});

it('one that is larger than all that may be kept puts out no other', () => {
  const buffers = new FreeBuffers(100);
  const [small, huge] = [buffers.take(100), buffers.take(101)];
  buffers.giveBack(small);
  buffers.giveBack(huge);
  expect(buffers.take(101)).not.toBe(huge);
  expect(buffers.take(100)).toBe(small);
});
