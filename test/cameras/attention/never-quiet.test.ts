import { describe, expect, it } from 'vitest';
import { attentiveSource } from '../../../server/cameras/attention/attentive-source.js';
import { SourceFault, type Source } from '../../../server/cameras/source.js';
import type { FrameSink } from '../../../server/frames/frame.js';
import { newFrame } from '../../../server/frames/frame.js';
import type { VideoSink } from '../../../server/frames/video.js';
import { fakeClock } from '../../fixtures/fake-clock.js';
import { fragmentsOf } from './fragments.js';

const size = { width: 16, height: 9, fps: 5 };
/** Is never started in these tests: nothing is awake before there is video with a key picture. */
const ffmpeg = { path: '/nowhere', version: '0', origin: 'system', dialect: 'new', passedOver: [] } as const;

/** A camera whose way of key pictures the test plays, and whether it is run in full. */
function door() {
  const clock = fakeClock();
  let frames = 0;
  let inFull = false;
  let key: { sink: FrameSink; video: VideoSink; fail(fault: unknown): void } | null = null;
  const source = (
    run: (sink: FrameSink, video: VideoSink, fail: (fault: unknown) => void) => void,
  ): Source => ({
    run: (sink, signal, video) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve());
        run(sink, video!, reject);
      }),
  });
  const attentive = attentiveSource(
    { ...size, quietMs: 1000, watchMotion: () => ({ since: () => null }) },
    {
      key: source((sink, video, fail) => (key = { sink, video, fail })),
      all: source(() => (inFull = true)),
    },
    { ffmpeg, clock },
  );
  const stop = new AbortController();
  const sink = { ...size, writing: newFrame(size), publish: () => (frames += 1) };
  const over = attentive.run(sink, stop.signal);
  return {
    clock,
    attention: attentive.attention,
    key: () => key!,
    frames: () => frames,
    isInFull: () => inFull,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    over,
    stop: async () => {
      stop.abort();
      await over;
    },
  };
}

describe('a camera that cannot be quiet', () => {
  it('for no video comes with its pictures is run in full, and until then delivers its key pictures', async () => {
    const { clock, key, frames, attention, isInFull, settle, stop } = door();
    for (let n = 0; n < 3; n += 1) {
      key().sink.publish();
      clock.advance(1400);
    }
    expect(frames()).toBe(3);
    expect(attention.state).toBe('quiet');
    key().sink.publish();
    await settle();
    expect(isInFull()).toBe(true);
    expect(attention).toMatchObject({ never: 'its video cannot be copied', state: null });
    await stop();
  });

  it('for its video has no key picture is run in full', async () => {
    const { clock, key, attention, isInFull, settle, stop } = door();
    key().video.start({ bytes: new Uint8Array(8), codec: 'avc1.640028', width: 16, height: 9 });
    for (const fragment of fragmentsOf(300, { group: 1000 }).slice(1)) {
      key().video.fragment(fragment);
      clock.advance(40);
    }
    await settle();
    expect(attention.never).toBe('its video has no key pictures');
    expect(isInFull()).toBe(true);
    await stop();
  });

  it('is still one that can be lost: the fault is told, and it may be quiet the next time', async () => {
    const { key, attention, isInFull, over } = door();
    key().sink.publish();
    key().fail(new SourceFault('CAMERA_DROPPED', 'The camera ended the connection.'));
    await expect(over).rejects.toMatchObject({ code: 'CAMERA_DROPPED' });
    expect(attention).toMatchObject({ never: null, state: null });
    expect(isInFull()).toBe(false);
  });
});
