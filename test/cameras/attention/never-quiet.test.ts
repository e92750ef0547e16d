import { describe, expect, it } from 'vitest';
import { DecodingLoad } from '../../../server/cameras/attention/decoding-load.js';
import { attentiveSource } from '../../../server/cameras/attention/attentive-source.js';
import { SourceFault, type Source } from '../../../server/cameras/source.js';
import { discardingSink } from '../../../server/frames/frame.js';
import type { VideoSink } from '../../../server/frames/video.js';
import { fakeClock } from '../../fixtures/fake-clock.js';
import { fragmentsOf } from './fragments.js';

const size = { width: 16, height: 9, fps: 5 };
/** Is never started in these tests: nothing is awake before there is video with a key picture. */
const ffmpeg = { path: '/nowhere', version: '0', origin: 'system', dialect: 'new', passedOver: [] } as const;

/** A camera whose copied video the test plays, and whether it is run in full. */
function door() {
  const clock = fakeClock();
  let inFull = false;
  let copied: { video: VideoSink; fail(fault: unknown): void } | null = null;
  const source = (run: (video: VideoSink, fail: (fault: unknown) => void) => void): Source => ({
    run: (_sink, signal, video) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve());
        run(video!, reject);
      }),
  });
  const attentive = attentiveSource(
    { ...size, quietMs: 1000, watchMotion: () => ({ since: () => null }), load: new DecodingLoad() },
    {
      copied: source((video, fail) => (copied = { video, fail })),
      all: source(() => (inFull = true)),
    },
    { ffmpeg, clock },
  );
  const stop = new AbortController();
  const sink = discardingSink(size);
  const over = attentive.run(sink, stop.signal);
  return {
    clock,
    attention: attentive.attention,
    copied: () => copied!,
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
  it('for its video cannot be copied is run in full', async () => {
    const { copied, attention, isInFull, settle, stop } = door();
    expect(attention.state).toBe('quiet');
    copied().fail(new SourceFault('VIDEO_UNUSABLE', 'it is neither H.264 nor H.265, but "mp4v"', 'slowly'));
    await settle();
    expect(isInFull()).toBe(true);
    expect(attention).toMatchObject({ never: 'its video cannot be copied', state: null });
    await stop();
  });

  it('for its video has no key picture is run in full', async () => {
    const { clock, copied, attention, isInFull, settle, stop } = door();
    const record = new Uint8Array();
    copied().video.start({ bytes: record, codec: 'avc1.640028', record, width: 16, height: 9 });
    for (const fragment of fragmentsOf(300, { group: 1000 }).slice(1)) {
      copied().video.fragment(fragment);
      clock.advance(40);
    }
    await settle();
    expect(attention.never).toBe('its video has no key pictures');
    expect(isInFull()).toBe(true);
    await stop();
  });

  it('is still one that can be lost: the fault is told, and it may be quiet the next time', async () => {
    const { copied, attention, isInFull, over } = door();
    copied().fail(new SourceFault('CAMERA_DROPPED', 'The camera ended the connection.'));
    await expect(over).rejects.toMatchObject({ code: 'CAMERA_DROPPED' });
    expect(attention).toMatchObject({ never: null, state: null });
    expect(isInFull()).toBe(false);
  });
});
