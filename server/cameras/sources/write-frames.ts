import { frameBytes, type FrameSink } from '../../frames/frame.js';

/**
 * Puts a stream of raw RGB bytes into a sink, frame after frame. Each chunk is copied straight into the buffer
 * that the sink is writing: nothing is gathered and nothing is allocated.
 *
 * @param arrived called after each full frame was published
 */
export function writeFrames(sink: FrameSink, arrived: () => void): (chunk: Buffer) => void {
  const size = frameBytes(sink);
  let filled = 0;
  return (chunk) => {
    let read = 0;
    while (read < chunk.length) {
      const copied = chunk.copy(sink.writing, filled, read, Math.min(chunk.length, read + size - filled));
      read += copied;
      filled += copied;
      if (filled < size) return;
      filled = 0;
      sink.publish();
      arrived();
    }
  };
}
