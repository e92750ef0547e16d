import { frameBytes, type FrameSink, type YuvMatrix } from '../../frames/frame.js';

/**
 * Puts a stream of raw planes (I420) into a sink, frame after frame. Each chunk is copied straight into the buffer
 * that the sink is writing: nothing is gathered and nothing is allocated.
 *
 * @param arrived called after each full frame was published
 * @param matrix which matrix they are in
 */
export function writeFrames(
  sink: FrameSink,
  arrived: () => void,
  matrix: () => YuvMatrix,
): (chunk: Buffer) => void {
  const size = frameBytes(sink);
  let filled = 0;
  return (chunk) => {
    let read = 0;
    while (read < chunk.length) {
      const { writing } = sink;
      const end = Math.min(chunk.length, read + size - filled);
      const copied = chunk.copy(writing.planes, filled, read, end);
      read += copied;
      filled += copied;
      if (filled < size) return;
      filled = 0;
      writing.matrix = matrix();
      sink.publish();
      arrived();
    }
  };
}
