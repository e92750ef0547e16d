import { describe, expect, it } from 'vitest';
import { RecentVideo } from '../../../server/cameras/attention/recent-video.js';
import { fragmentsOf } from './fragments.js';

/** Pictures that arrive 40 ms after one another, from 0. */
function filled(count: number, most?: number) {
  const recent = new RecentVideo(most);
  const fragments = fragmentsOf(count);
  fragments.forEach((fragment, index) => recent.push({ fragment, at: index * 40 }));
  return { recent, fragments };
}

const times = (recent: RecentVideo, moment: number) => {
  const found = recent.since(moment).map(({ at }) => at / 40);
  return [found.at(0), found.at(-1), found.length];
};

describe('the latest of the video', () => {
  it('begins with a key picture at or before the moment that is asked for', () => {
    const { recent } = filled(95);
    expect(times(recent, 85 * 40)).toEqual([75, 94, 20]);
    expect(times(recent, 75 * 40)).toEqual([75, 94, 20]);
    expect(times(recent, 74 * 40)).toEqual([50, 94, 45]);
    expect(times(recent, 30 * 40)).toEqual([25, 94, 70]);
    expect(times(recent, 5 * 40)).toEqual([25, 94, 70]);
    expect(recent.since(0)[0].fragment.keyframe).toBe(true);
  });

  it('knows what is little older than the latest, by its arrival or by the clock of the video', () => {
    const { recent } = filled(95);
    expect(recent.oldest(400, -Infinity)).toBe(84 * 40);
    expect(recent.oldest(400, 90 * 40)).toBe(91 * 40);
    expect(recent.oldest(400, 94 * 40)).toBe(Infinity);
    expect(times(recent, Infinity)).toEqual([75, 94, 20]);
    expect(recent.oldest(60_000, -Infinity)).toBe(25 * 40);
    // The machine was busy for half a second: what had come before that is not older.
    const late = new RecentVideo();
    fragmentsOf(95).forEach((fragment, index) =>
      late.push({ fragment, at: index * 40 + (index > 90 ? 500 : 0) }),
    );
    expect(late.oldest(400, -Infinity)).toBe(84 * 40);
    // Several came at once: none of them is passed over for having come with the one before.
    const burst = new RecentVideo();
    fragmentsOf(30).forEach((fragment, index) => burst.push({ fragment, at: index / 1000 }));
    expect(burst.oldest(400, 25 / 1000)).toBe(26 / 1000);
    // A camera whose clock runs far too fast.
    const fast = new RecentVideo();
    fragmentsOf(95).forEach((fragment, index) =>
      fast.push({ fragment: { ...fragment, decodeTimeMs: fragment.decodeTimeMs * 10 }, at: index * 40 }),
    );
    expect(fast.oldest(400, -Infinity)).toBe(84 * 40);
    expect(new RecentVideo().oldest(400, -Infinity)).toBe(Infinity);
  });

  it('knows how far apart the key pictures are', () => {
    expect(filled(25).recent.groupMs).toBeNull();
    expect(filled(26).recent.groupMs).toBe(1000);
    expect(filled(70).recent.keyAt).toBe(2000);
  });

  it('is nothing before a key picture', () => {
    const recent = new RecentVideo();
    for (const fragment of fragmentsOf(20).slice(1)) recent.push({ fragment, at: 0 });
    expect(recent.since(0)).toEqual([]);
    expect(recent.keyAt).toBeNull();
  });

  it('is bounded in bytes: a group that is too large is gone, and the next is there again', () => {
    // A group has 34,000 bytes.
    expect(filled(70, 65_000).recent.since(0)).toHaveLength(45);
    expect(filled(75, 65_000).recent.since(0)).toHaveLength(25);
    expect(filled(75, 30_000).recent.since(0)).toEqual([]);
    expect(filled(80, 30_000).recent.since(0)).toHaveLength(5);
  });

  it('is nothing after it was cleared', () => {
    const { recent, fragments } = filled(70);
    recent.clear();
    expect(recent.since(0)).toEqual([]);
    recent.push({ fragment: fragments[60], at: 0 });
    expect(recent.since(0)).toEqual([]);
    expect(recent.groupMs).toBeNull();
  });
});
