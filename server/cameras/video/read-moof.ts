import { box, unusable } from './boxes.js';

/** What a fragment's `moof` says of its one picture; times in units of the track's timescale. */
export interface Sample {
  readonly keyframe: boolean;
  readonly decodeTime: number;
  readonly compositionOffset: number;
  readonly duration: number;
  readonly bytes: number;
}

/** ISO/IEC 14496-12, 8.8.3.1: a picture that decoding cannot begin at. */
const NOT_SYNC = 0x00010000;

/** @throws GatehouseError VIDEO_UNUSABLE: not one picture of one track, as `frag_every_frame` writes it */
export function readMoof(moof: Buffer): Sample {
  try {
    const fragment = box(moof, 'moof', 'traf');
    const usual = readDefaults(box(fragment, 'tfhd'));
    const time = box(fragment, 'tfdt');
    const run = fields(box(fragment, 'trun'), 4);
    const count = run.next();
    if (count !== 1) throw unusable(`a fragment holds ${count} pictures instead of one`);
    run.skipIf(0x1);
    const first = run.nextIf(0x4);
    const duration = run.nextIf(0x100) ?? usual.duration;
    const bytes = run.nextIf(0x200) ?? usual.bytes;
    const flags = run.nextIf(0x400) ?? first ?? usual.flags;
    const offset = run.nextIf(0x800) ?? 0;
    if (duration === null || bytes === null || flags === null) throw unusable('a fragment says too little');
    return {
      keyframe: (flags & NOT_SYNC) === 0,
      decodeTime: time[0] === 1 ? Number(time.readBigUInt64BE(4)) : time.readUInt32BE(4),
      // From version 1 on it may be negative.
      compositionOffset: run.version === 0 ? offset : offset | 0,
      duration,
      bytes,
    };
  } catch (cause) {
    throw cause instanceof RangeError ? unusable('a fragment is incomplete', { cause }) : cause;
  }
}

function readDefaults(tfhd: Buffer): Record<'duration' | 'bytes' | 'flags', number | null> {
  const head = fields(tfhd, 4);
  head.next(); // track
  head.skipIf(0x1, 8);
  head.skipIf(0x2);
  return { duration: head.nextIf(0x8), bytes: head.nextIf(0x10), flags: head.nextIf(0x20) };
}

/** Reads a full box's 32-bit fields one after another; its flags say which of them are there. */
function fields(body: Buffer, from: number) {
  const flags = body.readUInt32BE(0) & 0xffffff;
  let at = from;
  const next = (): number => {
    at += 4;
    return body.readUInt32BE(at - 4);
  };
  return {
    version: body[0],
    next,
    nextIf: (flag: number): number | null => ((flags & flag) === 0 ? null : next()),
    skipIf: (flag: number, bytes = 4): void => {
      if ((flags & flag) !== 0) at += bytes;
    },
  };
}
