import { GatehouseError } from '../../base/errors.js';

/** One box of an MP4 file (ISO/IEC 14496-12, 4.2). */
export interface Mp4Box {
  /** Four letters: "moov". */
  readonly type: string;
  readonly body: Buffer;
}

const HEADER = 8;

/** The boxes that lie one after another in `bytes`. Throws VIDEO_UNUSABLE where they do not fill it exactly. */
export function* boxes(bytes: Buffer): Generator<Mp4Box> {
  for (let at = 0; at < bytes.length;) {
    const size = at + HEADER <= bytes.length ? bytes.readUInt32BE(at) : 0;
    if (size < HEADER || at + size > bytes.length) throw unusable('a box is larger than what it lies in');
    yield {
      type: bytes.toString('latin1', at + 4, at + HEADER),
      body: bytes.subarray(at + HEADER, at + size),
    };
    at += size;
  }
}

/** Body of the first box on a path of types: `box(moov, 'trak', 'mdia')`. Throws VIDEO_UNUSABLE where there is none. */
export function box(bytes: Buffer, ...path: readonly string[]): Buffer {
  let within = bytes;
  for (const type of path) {
    const found = [...boxes(within)].find((each) => each.type === type);
    if (!found) throw unusable(`it has no ${type}`);
    within = found.body;
  }
  return within;
}

/** @param why "it has no moov" */
export function unusable(why: string, options?: { cause?: unknown }): GatehouseError {
  return new GatehouseError(
    'VIDEO_UNUSABLE',
    `The camera's video cannot be shown as it is: ${why}.`,
    'Let the camera send H.264; until then its pictures are shown as JPEG.',
    options,
  );
}
