import { createReadStream } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GatehouseEvent } from './event.js';

/** One file of the journal being written: JSON lines, `{"seq":N,...}`, in the order of their sequence. */
export interface SegmentWriter {
  /** Writes all of the bytes at a position; they survive a power cut once this resolves. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Cuts the file to a length. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenSegment = (path: string) => Promise<SegmentWriter>;

/** Opens a segment for writing; makes it, and its name durable, where it is missing. */
export const openSegment: OpenSegment = async (path) => {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await syncFolder(dirname(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    async write(bytes, position) {
      // A nearly full disk takes a part and says so only with the next write.
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
      await file.datasync();
    },
    async truncate(length) {
      await file.truncate(length);
      await file.sync();
    },
    close: () => file.close(),
  };
};

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

export interface SegmentScan {
  /** Of the last line that can be read; null where there is none. */
  lastSeq: number | null;
  /** When the first event happened, ms since the epoch; null where there is none. */
  firstAt: number | null;
  /** Up to and with the last newline. */
  wholeBytes: number;
  /** After the last newline: an event whose writing was cut short. */
  tornBytes: number;
  /** Lines that cannot be read. */
  damagedLines: number;
  /** Bytes of those that stand behind the last one that can. */
  damagedAtEnd: number;
}

/** Reads a segment through, however it was left. */
export async function scanSegment(path: string): Promise<SegmentScan> {
  const scan: SegmentScan = {
    ...{ lastSeq: null, firstAt: null, wholeBytes: 0 },
    ...{ tornBytes: 0, damagedLines: 0, damagedAtEnd: 0 },
  };
  for await (const { text, bytes, isWhole } of linesOf(path)) {
    if (!isWhole) {
      scan.tornBytes = bytes;
      continue;
    }
    scan.wholeBytes += bytes;
    const event = eventOf(text, scan.lastSeq ?? 0);
    if (event) {
      scan.lastSeq = event.seq;
      scan.firstAt ??= Date.parse(event.at);
      scan.damagedAtEnd = 0;
    } else {
      scan.damagedLines += 1;
      scan.damagedAtEnd += bytes;
    }
  }
  return scan;
}

/**
 * The events of a segment with `after < seq <= upTo`, in order. Lines that cannot be read are passed over
 * and counted in `onDamage`; nothing behind `upTo` is looked at, for it may be just being written.
 */
export async function* readSegment(
  path: string,
  after: number,
  upTo: number,
  onDamage: () => void,
): AsyncGenerator<GatehouseEvent> {
  let latest = 0;
  for await (const { text, isWhole } of linesOf(path)) {
    if (!isWhole) return;
    // Cheap for those that are not wanted: the sequence stands first.
    const seq = Number(/^\{"seq":(\d+),/u.exec(text)?.[1] ?? NaN);
    if (seq > upTo) return;
    if (seq > latest && seq <= after) {
      latest = seq;
      continue;
    }
    const event = eventOf(text, latest);
    if (event) {
      latest = event.seq;
      yield event;
      if (event.seq === upTo) return;
    } else {
      onDamage();
    }
  }
}

/** The event of a line, or null where it is none, or its sequence is not above `after`. */
function eventOf(text: string, after: number): GatehouseEvent | null {
  try {
    const event = JSON.parse(text) as GatehouseEvent | null;
    return event && Number.isSafeInteger(event.seq) && event.seq > after ? event : null;
  } catch {
    return null;
  }
}

const NEWLINE = 0x0a;

/** A file's lines, a piece of the file at a time; the last one may lack its newline. */
async function* linesOf(path: string): AsyncGenerator<{ text: string; bytes: number; isWhole: boolean }> {
  let rest: Buffer[] = [];
  const take = (end: Buffer, isWhole: boolean) => {
    const line = rest.length > 0 ? Buffer.concat([...rest, end]) : end;
    rest = [];
    const bytes = line.length;
    return { text: line.toString('utf8', 0, isWhole ? bytes - 1 : bytes), bytes, isWhole };
  };
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      yield take(piece.subarray(from, at + 1), true);
      from = at + 1;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  }
  if (rest.length > 0) yield take(Buffer.alloc(0), false);
}
