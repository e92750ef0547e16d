import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readInPlace } from '../../server/cameras/sources/read-in-place.js';

const MIB = 2 ** 20;

/** A child that writes so many MiB of bytes that are known. */
function writing(mib: number) {
  const script = `const block = Buffer.alloc(${MIB}, 'gatehouse');
    let left = ${mib};
    const write = () => { while (left-- > 0) if (!process.stdout.write(block)) { process.stdout.once('drain', write); return; } };
    write();`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe("reading a child's output in place", () => {
  it('gives every byte, always out of the same memory, and lets the child close', async () => {
    const child = writing(24);
    const hash = createHash('sha256');
    const memory = new Set<ArrayBufferLike>();
    let length = 0;
    const taken = readInPlace(child.stdout, (chunk) => {
      hash.update(chunk);
      memory.add(chunk.buffer);
      length += chunk.length;
    });
    // Where a newer Node is made otherwise this fails, and the slow way is all there is.
    expect(taken).toBe(true);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(length).toBe(24 * MIB);
    expect(memory.size).toBe(1);
    const block = Buffer.alloc(MIB, 'gatehouse');
    const expected = createHash('sha256');
    for (let index = 0; index < 24; index += 1) expected.update(block);
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
  });

  it('closes with a child that is killed while it writes', async () => {
    const child = writing(10_000);
    let began: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (began = resolve));
    expect(readInPlace(child.stdout, () => began())).toBe(true);
    await first;
    child.kill('SIGKILL');
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  });

  it('leaves alone what it cannot take over', async () => {
    const stream = new PassThrough();
    expect(readInPlace(stream, () => expect.unreachable())).toBe(false);
    stream.end('as before');
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('as before');
  });
});
