import type { YuvMatrix } from '../../frames/frame.js';

/** Which matrix the frames of an ffmpeg are in, by what it says of the stream that it reads. */
export interface MatrixWatch {
  readonly matrix: YuvMatrix;
  /** A line of its stderr. */
  line(text: string): void;
}

/** As ffmpeg names them; whatever else is said, and where nothing is, its own conversion takes BT.601. */
const known = new Map<string, YuvMatrix>([
  ['bt709', 'bt709'],
  ['bt2020nc', 'bt2020'],
  ['bt2020c', 'bt2020'],
  ['smpte240m', 'smpte240m'],
]);

/** "Stream #0:0: Video: h264 (High), yuv420p(tv, bt709, progressive), 1280x720": of the pixel format, what is in brackets. */
const STREAM = /Stream #0:\d+.*?: Video: .*?, [a-z]\w*\(([^)]*)\)/;
const ANY_VIDEO = /Stream #0:\d+.*?: Video: /;

/**
 * Listens for the first video stream of the input. Its matrix stays what it was there: a camera that changes it in mid-stream
 * has other colours until it is connected anew.
 */
export function watchMatrix(): MatrixWatch {
  let matrix: YuvMatrix = 'bt601';
  let isOver = false;
  return {
    get matrix() {
      return matrix;
    },
    line(text) {
      if (isOver || !ANY_VIDEO.test(text)) return;
      isOver = true;
      // Where matrix, primaries and transfer differ it names all three: "bt709/unknown/unknown".
      const tags =
        STREAM.exec(text)?.[1]
          .split(', ')
          .map((tag) => tag.split('/')[0]) ?? [];
      for (const tag of tags) matrix = known.get(tag) ?? matrix;
    },
  };
}
