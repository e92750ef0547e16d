import { box, unusable } from './boxes.js';

/** When a picture is decoded and shown, in units of the track's timescale. */
export interface SampleTimes {
  readonly decodeTime: number;
  readonly compositionOffset: number;
  readonly duration: number;
}

/** What a fragment's `moof` says of its one picture. */
export interface Sample extends SampleTimes {
  readonly keyframe: boolean;
  readonly bytes: number;
  /** Writes other times into the `moof` that it was read from. Throws VIDEO_UNUSABLE where there is no room for them. */
  restamp(times: SampleTimes): void;
}

/** ISO/IEC 14496-12, 8.8.3.1: a picture that decoding cannot begin at. */
const NOT_SYNC = 0x00010000;

/** @throws GatehouseError VIDEO_UNUSABLE: not one picture of one track, as `frag_every_frame` writes it */
export function readMoof(moof: Buffer): Sample {
  return orUnusable(() => {
    const fragment = box(moof, 'moof', 'traf');
    const usual = readDefaults(box(fragment, 'tfhd'));
    const time = box(fragment, 'tfdt');
    const run = fields(box(fragment, 'trun'), 4);
    const count = run.next().readUInt32BE();
    if (count !== 1) throw unusable(`a fragment holds ${count} pictures instead of one`);
    run.skipIf(0x1);
    const first = run.nextIf(0x4);
    const duration = run.nextIf(0x100) ?? usual.duration;
    const bytes = run.nextIf(0x200) ?? usual.bytes;
    const flags = run.nextIf(0x400) ?? first ?? usual.flags;
    const offset = run.nextIf(0x800);
    if (duration === null || bytes === null || flags === null) throw unusable('a fragment says too little');
    const isLong = time[0] === 1;
    // From version 1 on it may be negative.
    const isSigned = run.version !== 0;
    return {
      keyframe: (flags.readUInt32BE() & NOT_SYNC) === 0,
      decodeTime: isLong ? Number(time.readBigUInt64BE(4)) : time.readUInt32BE(4),
      compositionOffset: isSigned ? (offset?.readInt32BE() ?? 0) : (offset?.readUInt32BE() ?? 0),
      duration: duration.readUInt32BE(),
      bytes: bytes.readUInt32BE(),
      restamp: (times) =>
        orUnusable(() => {
          if (isLong) time.writeBigUInt64BE(BigInt(times.decodeTime), 4);
          else time.writeUInt32BE(times.decodeTime, 4);
          duration.writeUInt32BE(times.duration);
          if (isSigned) offset?.writeInt32BE(times.compositionOffset);
          else offset?.writeUInt32BE(times.compositionOffset);
        }),
    };
  });
}

function orUnusable<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw cause instanceof RangeError ? unusable('a fragment is incomplete', { cause }) : cause;
  }
}

function readDefaults(tfhd: Buffer): Record<'duration' | 'bytes' | 'flags', Buffer | null> {
  const head = fields(tfhd, 4);
  head.next(); // track
  head.skipIf(0x1, 8);
  head.skipIf(0x2);
  return { duration: head.nextIf(0x8), bytes: head.nextIf(0x10), flags: head.nextIf(0x20) };
}

/** Finds a full box's 32-bit fields one after another, as views; its flags say which of them are there. */
function fields(body: Buffer, from: number) {
  const flags = body.readUInt32BE(0) & 0xffffff;
  let at = from;
  const next = (): Buffer => {
    at += 4;
    return body.subarray(at - 4, at);
  };
  return {
    version: body[0],
    next,
    nextIf: (flag: number): Buffer | null => ((flags & flag) === 0 ? null : next()),
    skipIf: (flag: number, bytes = 4): void => {
      if ((flags & flag) !== 0) at += bytes;
    },
  };
}
