import type { VideoInit } from '../../frames/video.js';
import { box, boxes, unusable } from './boxes.js';
import { avcCodec, hevcCodec } from './codec-string.js';

/** Where the picture's size, and then the codec's record, stand in a visual sample entry, bytes. */
const WIDTH_AT = 24;
const HEIGHT_AT = 26;
const RECORD_AT = 78;
/** Length of the part of each record that is read here, bytes. */
const AVCC_BYTES = 7;
const HVCC_BYTES = 23;

/** A video's head, and the unit of its times: so many a second. */
export interface TimedInit {
  readonly init: VideoInit;
  readonly timescale: number;
}

/**
 * Reads the head of a fragmented MP4 with one video track.
 *
 * @param bytes `ftyp` and `moov`
 * @throws GatehouseError VIDEO_UNUSABLE: not such a head, or a codec other than H.264 and H.265
 */
export function readInit(bytes: Buffer): TimedInit {
  try {
    const media = box(bytes, 'moov', 'trak', 'mdia');
    const times = box(media, 'mdhd');
    const timescale = times.readUInt32BE(times[0] === 1 ? 20 : 12);
    if (timescale === 0) throw unusable('its clock stands still');
    // Before the entries: version, flags and their count.
    const [entry] = boxes(box(media, 'minf', 'stbl', 'stsd').subarray(8));
    const size = { width: entry.body.readUInt16BE(WIDTH_AT), height: entry.body.readUInt16BE(HEIGHT_AT) };
    if (size.width === 0 || size.height === 0) throw unusable('its pictures have no size');
    return { init: { bytes, ...codecOf(entry.type, entry.body), ...size }, timescale };
  } catch (cause) {
    // A record that ends too early.
    throw cause instanceof RangeError || cause instanceof TypeError
      ? unusable('its head is incomplete', { cause })
      : cause;
  }
}

function codecOf(type: string, entry: Buffer): Pick<VideoInit, 'codec' | 'record'> {
  const read = (name: string, atLeast: number, codec: (type: string, record: Buffer) => string) => {
    const record = box(entry.subarray(RECORD_AT), name);
    if (record.length < atLeast) throw unusable('its head is incomplete');
    return { codec: codec(type, record), record };
  };
  switch (type) {
    case 'avc1':
    case 'avc3':
      return read('avcC', AVCC_BYTES, avcCodec);
    case 'hvc1':
    case 'hev1':
      return read('hvcC', HVCC_BYTES, hevcCodec);
    default:
      throw unusable(`it is neither H.264 nor H.265, but "${type}"`);
  }
}
