import type { VideoInit } from '../../frames/video.js';

/** A picture's moment is told in so many units a second: 10 microseconds. */
export const TICKS_A_SECOND = 100_000;
const NANOSECONDS_A_TICK = 1e9 / TICKS_A_SECOND;

/** Elements of EBML and Matroska (RFC 8794; RFC 9559, 5). */
const id = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;
const VIDEO_TRACK = 1;
const KEY_PICTURE = 0x80;
/** Before a picture in its block: track, time within the cluster, flags; bytes. */
const BLOCK_HEAD = 4;
/** A size that is not known: the segment has no end. */
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

/**
 * The head of an endless Matroska stream of one H.264 or H.265 video, to be followed by clusters.
 *
 * Decoders are fed Matroska and not the fragments of MP4 that the video came in, though their pictures are the same bytes:
 * ffmpeg's MP4 reader keeps an index of all fragments, 170 bytes for each picture, or 360 MB a day; and here a picture's
 * time is ours to say.
 */
export function matroskaHead({ codec, record, width, height }: VideoInit): Buffer {
  const name = /^(avc|hvc|hev)/.exec(codec)?.[1] === 'avc' ? 'V_MPEG4/ISO/AVC' : 'V_MPEGH/ISO/HEVC';
  const number = (which: number, value: number) => element(which, unsigned(value));
  const track = element(
    id.trackEntry,
    number(id.trackNumber, VIDEO_TRACK),
    number(id.trackUid, VIDEO_TRACK),
    number(id.trackType, VIDEO_TRACK),
    element(id.codecId, Buffer.from(name)),
    element(id.codecPrivate, record),
    element(id.video, number(id.pixelWidth, width), number(id.pixelHeight, height)),
  );
  return Buffer.concat([
    element(id.ebml, element(id.docType, Buffer.from('matroska'))),
    Buffer.concat([idBytes(id.segment), UNKNOWN_SIZE]),
    element(id.info, number(id.timestampScale, NANOSECONDS_A_TICK)),
    element(id.tracks, track),
  ]);
}

/**
 * What stands before a picture, so that both make a cluster.
 *
 * @param ticks when the picture is shown
 * @param bytes size of the picture as MP4 holds it: units that each begin with their length
 */
export function matroskaPicture(ticks: number, keyframe: boolean, bytes: number): Buffer {
  const time = element(id.timestamp, unsigned(ticks));
  const block = Buffer.concat([
    idBytes(id.simpleBlock),
    size(BLOCK_HEAD + bytes),
    Buffer.from([0x80 | VIDEO_TRACK, 0, 0, keyframe ? KEY_PICTURE : 0]),
  ]);
  return Buffer.concat([idBytes(id.cluster), size(time.length + block.length + bytes), time, block]);
}

function element(which: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([idBytes(which), size(body.length), body]);
}

/** The marker that tells an identifier's length is part of it. */
function idBytes(which: number): Buffer {
  return unsigned(which);
}

/** Of the lengths that a size may have the one of eight bytes, as it holds for all. */
function size(bytes: number): Buffer {
  const into = Buffer.alloc(8);
  into.writeUInt16BE(0x0100, 0);
  into.writeUIntBE(bytes, 2, 6);
  return into;
}

/** Big-endian, as short as may be; up to 2^48. */
function unsigned(value: number): Buffer {
  let bytes = 1;
  while (value >= 256 ** bytes) bytes += 1;
  const into = Buffer.alloc(bytes);
  into.writeUIntBE(value, 0, bytes);
  return into;
}
