import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** As much as Linux' pipes hold, bytes: more is never there at once. */
const BUFFER_BYTES = 65_536;

/** What Node's own child processes are made of, and its types leave out. */
type WithHandle = Readable & { _handle?: { useUserBuffer?: unknown } | null };

/**
 * Reads a child's output into one buffer that is used again and again, where Node would allocate another for every
 * 64 KiB. With several cameras those come to hundreds of MiB a second outside of the heap, for which V8 marked its whole
 * heap many times a second: a third of what the main process did (docs/benchmarks.md).
 *
 * A socket that is made with `onread` reads like that, but a child's output is a socket already: its handle goes to a
 * new one. Has to be called in the very turn in which the child was started, before anything was read.
 *
 * @param bytes is handed a view that is valid only until it returns
 * @returns false where this Node is made otherwise; the output is untouched then
 */
export function readInPlace(output: Readable, bytes: (chunk: Buffer) => void): boolean {
  const old = output as WithHandle;
  const handle = old._handle;
  if (typeof handle?.useUserBuffer !== 'function' || old.readableLength > 0) return false;
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  const options = {
    handle,
    writable: false,
    onread: {
      buffer,
      callback: (length: number) => {
        bytes(buffer.subarray(0, length));
        return true;
      },
    },
  };
  old._handle = null;
  const socket = new Socket(options);
  socket.on('error', () => undefined);
  // The child is told to be closed once its output is; that has no handle any more and closes when it is told to.
  socket.on('close', () => output.destroy());
  return true;
}
