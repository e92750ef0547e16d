import type { Clock } from '../../base/clock.js';
import type { VideoSink } from '../../frames/video.js';
import { unusable } from './boxes.js';
import { readInit, type TimedInit } from './read-init.js';
import { readMoof } from './read-moof.js';
import { SteadyTimes } from './steady-times.js';

const HEADER = 8;
/** The largest head and the largest picture that are believed, bytes; a key picture of 4K has about 2 MiB. */
const MAX_HEAD = 1 << 20;
const MAX_PICTURE = 16 << 20;

/** What follows what; other boxes may lie between and are passed over. */
const turns = { ftyp: 'moov', moov: 'moof', moof: 'mdat', mdat: 'moof' } as const;
type Turn = keyof typeof turns;
const isTurn = (type: string): type is Turn => type in turns;

/** The box that is coming in. `into` is null where it is passed over. */
interface Incoming {
  readonly type: string;
  readonly into: Buffer | null;
  filled: number;
  left: number;
}

/**
 * Reads what ffmpeg writes with `-c copy -f mp4 -movflags +frag_every_frame+empty_moov+default_base_moof`, in
 * chunks of any size: the head, and then one fragment a picture. Each fragment is gathered in a buffer of its own
 * size and nothing else is kept, so memory is bounded by one picture. Its times are made steady, in its bytes as well: whoever
 * plays or decodes it is spared what the camera does to its clock.
 *
 * @param clock says when a fragment came
 * @returns what takes the chunks; throws GatehouseError VIDEO_UNUSABLE on anything else, and is of no use after that
 */
export function readFragments(sink: VideoSink, clock: Pick<Clock, 'monotonic'>): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER);
  let headed = 0;
  let incoming: Incoming | null = null;
  let turn: Turn = 'ftyp';
  /** `ftyp` while `moov` comes, `moof` while its `mdat` does. */
  let before: Buffer = Buffer.alloc(0);
  let head: TimedInit | null = null;
  let steady: SteadyTimes | null = null;

  const begin = (): Incoming => {
    const size = header.readUInt32BE(0);
    const type = header.toString('latin1', 4, HEADER);
    if (size < HEADER || !/^[\w ©-]{4}$/.test(type)) throw unusable('what ffmpeg copied is no MP4');
    const left = size - HEADER;
    if (!isTurn(type)) return { type, into: null, filled: 0, left };
    if (type !== turn) throw unusable(`its ${type} comes where its ${turn} should`);
    if (size > (type === 'mdat' ? MAX_PICTURE : MAX_HEAD)) throw unusable(`its ${type} has ${size} bytes`);
    const into = Buffer.allocUnsafe(before.length + size);
    before.copy(into);
    header.copy(into, before.length);
    return { type, into, filled: before.length + HEADER, left };
  };

  const end = ({ type, into }: Incoming): void => {
    if (into === null || !isTurn(type)) return;
    turn = turns[type];
    const first = before;
    before = type === 'ftyp' || type === 'moof' ? into : Buffer.alloc(0);
    if (type === 'moov') {
      head = readInit(into);
      steady = new SteadyTimes(head.timescale);
      sink.start(head.init);
    }
    if (type !== 'mdat') return;
    const sample = readMoof(into.subarray(0, first.length));
    if (sample.bytes !== into.length - first.length - HEADER)
      throw unusable('a fragment is not as large as it says');
    const times = steady!.next(sample, clock.monotonic());
    sample.restamp(times);
    const ms = (units: number) => (units / head!.timescale) * 1000;
    sink.fragment({
      bytes: into,
      keyframe: sample.keyframe,
      decodeTimeMs: ms(times.decodeTime),
      compositionMs: ms(times.compositionOffset),
      durationMs: ms(times.duration),
      sampleBytes: sample.bytes,
    });
  };

  return (chunk) => {
    let read = 0;
    while (read < chunk.length) {
      if (incoming === null) {
        const copied = chunk.copy(header, headed, read);
        read += copied;
        headed += copied;
        if (headed < HEADER) return;
        headed = 0;
        incoming = begin();
      }
      const take = Math.min(incoming.left, chunk.length - read);
      if (incoming.into) chunk.copy(incoming.into, incoming.filled, read, read + take);
      incoming.filled += take;
      incoming.left -= take;
      read += take;
      if (incoming.left > 0) return;
      const done = incoming;
      incoming = null;
      end(done);
    }
  };
}
