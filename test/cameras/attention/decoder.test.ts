import { getPriority } from 'node:os';
import { expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../../server/base/clock.js';
import { startDecoder } from '../../../server/cameras/attention/decoder.js';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { discardingSink } from '../../../server/frames/frame.js';
import { canSeeProcesses, ffmpegChildren } from '../post.js';

const size = { width: 32, height: 18 };
const init = { bytes: Buffer.alloc(0), record: Buffer.alloc(7), codec: 'avc1.640028', ...size };

it.skipIf(!canSeeProcesses).each([
  // Ten behind recognition, which stands three behind the main thread.
  ['timely', 13],
  ['complete', 0],
] as const)('a decoder that is to be %s runs with a priority lower by %i', async (decoding, lower) => {
  const tools = { ffmpeg: await findFfmpeg({ env: {} }), clock, decoding };
  const sink = discardingSink(size);
  const decoder = startDecoder({ ...size, fps: 5 }, init, tools, sink);
  try {
    const priorities = () => [...ffmpegChildren().keys()].map((pid) => getPriority(pid) - getPriority());
    await vi.waitFor(() => expect(priorities()).toEqual([Math.min(lower, 19 - getPriority())]), 5000);
  } finally {
    decoder.end();
    await decoder.gone;
  }
});
