import type { Clip } from '../../fixtures/clip.js';
import { packPicture } from '../../fixtures/rtp.js';

/** One picture as it goes into an RTSP connection: all of its interleaved RTP packets, one after another. */
export interface PackedPicture {
  readonly key: boolean;
  readonly bytes: Buffer;
  /** Where in `bytes` each packet's RTP header begins. */
  readonly headers: readonly number[];
}

/** A clip that lies ready for sending. */
export interface PackedClip {
  readonly pictures: readonly PackedPicture[];
  readonly fps: number;
  /** SPS and PPS as the description (SDP) has them. */
  readonly parameterSets: string;
  readonly kbits: number;
}

const INTERLEAVED_HEAD = 4;

/** Packs a whole H.264 clip once, so that sending a picture is one copy and one write, whoever watches. */
export function packClip(clip: Clip): PackedClip {
  const stamp = { timestamp: 0, nextSequence: () => 0 };
  const pictures = clip.pictures.map(({ key, units }): PackedPicture => {
    const missing = key ? [...clip.parameterSets.values()].filter((set) => !units.includes(set)) : [];
    const packets = packPicture({ key, units: [...missing, ...units] }, clip.codec, stamp);
    const headers: number[] = [];
    const parts: Buffer[] = [];
    let at = 0;
    for (const packet of packets) {
      const head = Buffer.from([0x24, 0, 0, 0]);
      head.writeUInt16BE(packet.length, 2);
      headers.push(at + INTERLEAVED_HEAD);
      parts.push(head, packet);
      at += INTERLEAVED_HEAD + packet.length;
    }
    return { key, bytes: Buffer.concat(parts), headers };
  });
  const bytes = pictures.reduce((sum, picture) => sum + picture.bytes.length, 0);
  return {
    pictures,
    fps: clip.fps,
    parameterSets: (['sps', 'pps'] as const)
      .map((name) => clip.parameterSets.get(name)!.toString('base64'))
      .join(','),
    kbits: (bytes * 8 * clip.fps) / pictures.length / 1000,
  };
}

/** A copy of a picture's packets with one viewer's own sequence and time. */
export function stampPicture(
  { bytes, headers }: PackedPicture,
  stamp: { timestamp: number; nextSequence: () => number; channel: number },
): Buffer {
  const copy = Buffer.from(bytes);
  for (const at of headers) {
    copy[at - INTERLEAVED_HEAD + 1] = stamp.channel;
    copy.writeUInt16BE(stamp.nextSequence() & 0xffff, at + 2);
    copy.writeUInt32BE(stamp.timestamp >>> 0, at + 4);
  }
  return copy;
}
