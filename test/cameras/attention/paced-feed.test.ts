import { describe, expect, it } from 'vitest';
import { PacedFeed } from '../../../server/cameras/attention/paced-feed.js';
import { fakeClock } from '../../fixtures/fake-clock.js';
import { fragmentsOf } from './fragments.js';

/** A feed of pictures that arrived 40 ms after one another up to now; what was written, when, by index. */
function feeding({ behind = 50, wantedFrom = 25, pictures = 200, group = 25 } = {}) {
  const clock = fakeClock();
  clock.advance(10_000);
  const start = clock.monotonic() - behind * 40;
  const arrivals = fragmentsOf(behind + pictures, { group }).map((fragment, i) => ({
    fragment,
    at: start + i * 40,
  }));
  const written: { index: number; at: number }[] = [];
  const state = { pending: 0, waiting: false, unread: 0, unshown: () => 0 };
  const feed = new PacedFeed({
    write: ({ fragment: { bytes } }) => {
      written.push({ index: written.length && bytes[0], at: clock.monotonic() });
      state.unread += 1;
    },
    unshown: () => state.unshown(),
    pending: () => state.pending,
    isWaiting: () => state.waiting,
    isTimely: true,
    clock,
  });
  feed.begin(arrivals.slice(0, behind), start + wantedFrom * 40);
  let next = behind;
  return {
    feed,
    clock,
    state,
    written,
    indices: () => written.map(({ index }) => index),
    /** Time goes on, and a picture comes every 40 ms. */
    live: (pictures: number) => {
      for (let n = 0; n < pictures; n += 1) {
        clock.advance(40);
        feed.push(arrivals[next++]);
      }
    },
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i % 256);

describe('the feed of a decoder', () => {
  it('is at once all that is needed to begin, and then waits for the first picture to be shown', () => {
    const { indices, feed, clock } = feeding();
    expect(indices()).toEqual(upTo(26));
    clock.advance(200);
    expect(indices()).toEqual(upTo(26));
    feed.shown(clock.monotonic());
    clock.advance(20);
    expect(indices().length).toBeGreaterThan(26);
  });

  it('goes on without a picture after a second: that one may be damaged', () => {
    const { written, clock } = feeding();
    clock.advance(1100);
    expect(written.length).toBeGreaterThan(26);
  });

  it('hands a decoder that is slow to start few pictures, for it shows them all at once', () => {
    const { written, live, feed } = feeding();
    live(60);
    expect(written.length - 26).toBeLessThanOrEqual(7);
    feed.shown(0);
    live(60);
    expect(written).toHaveLength(170);
  });

  it('leaves out nothing of what it began with, though that is older than what a decoder may be behind', () => {
    const { feed, indices, live } = feeding({ behind: 175, wantedFrom: 75 });
    live(10);
    feed.shown(0);
    live(150);
    expect(indices()).toEqual(upTo(335));
  });

  it('is four times as fast as it was filmed while it is behind, in order, and then what comes', () => {
    const { feed, clock, indices, written, live } = feeding();
    feed.shown(clock.monotonic());
    clock.advance(100);
    // 10 ms apart.
    expect(written.length).toBeGreaterThanOrEqual(35);
    expect(written.length).toBeLessThanOrEqual(37);
    live(30);
    expect(indices()).toEqual(upTo(80));
    // It has caught up: the latest is fed as it comes.
    expect(written.at(-1)!.at).toBe(clock.monotonic());
    expect(feed.fedAt).toBeGreaterThan(clock.monotonic() - 150);
  });

  it('waits for a frame to be taken, and yet catches up', () => {
    const { feed, state, clock, written, live } = feeding();
    state.waiting = true;
    feed.shown(clock.monotonic());
    clock.advance(100);
    // 26.7 ms apart at the most.
    expect(written.length).toBeLessThanOrEqual(31);
    live(100);
    expect(clock.monotonic() - feed.fedAt!).toBeLessThan(150);
    expect(written).toHaveLength(150);
  });

  it('waits for a decoder that does not read, and leaves out what grows too old, up to a key picture', () => {
    const { feed, state, indices, live } = feeding({ behind: 30 });
    feed.shown(0);
    live(10);
    state.pending = 2 << 20;
    const before = indices().length;
    live(5 * 25);
    expect(indices()).toHaveLength(before);
    state.pending = 0;
    live(45);
    const after = indices().slice(before);
    expect(after.length).toBeGreaterThan(20);
    expect(after.every((index, i) => i === 0 || index > after[i - 1])).toBe(true);
  });

  it('writes nothing to a decoder that has not read what was written', () => {
    const { feed, state, written, live } = feeding({ behind: 30 });
    feed.shown(0);
    live(10);
    const before = written.length;
    state.pending = 1;
    live(10);
    expect(written).toHaveLength(before);
    state.pending = 0;
    live(1);
    expect(written.length).toBeGreaterThan(before);
  });

  it('goes on at the latest key picture where a decoder that had caught up is behind again', () => {
    const { feed, state, indices, clock, live } = feeding({ behind: 30 });
    feed.shown(clock.monotonic());
    live(20);
    expect(clock.monotonic() - feed.fedAt!).toBeLessThan(50);
    state.pending = 1;
    // Up to the picture after the next key picture, which is the 75th.
    live(27);
    expect(indices().at(-1)).toBe(49);
    state.pending = 0;
    live(3);
    const after = indices().slice(50);
    expect(after[0]).toBe(75);
    expect(clock.monotonic() - feed.fedAt!).toBeLessThan(150);
  });

  it('does not let a decoder be seconds behind for ever that never catches up', () => {
    const { feed, state, clock, live } = feeding({ behind: 50, pictures: 400 });
    feed.shown(clock.monotonic());
    let furthest = 0;
    // It reads half of what comes.
    state.pending = 1;
    for (let n = 0; n < 390; n += 1) {
      live(1);
      if (n % 2 === 0) {
        state.pending = 0;
        clock.advance(5);
        state.pending = 1;
      }
      if (n > 300) furthest = Math.max(furthest, clock.monotonic() - feed.fedAt!);
    }
    // Half a second and a group of a second, not five seconds.
    expect(furthest).toBeLessThan(2000);
    expect(furthest).toBeGreaterThan(200);
  });

  /** A decoder that reads so many pictures for each that comes; how far behind what it was fed was, at most. */
  const starve = (camera: ReturnType<typeof feeding>, share: number) => {
    const { feed, state, clock, live, written } = camera;
    feed.shown(clock.monotonic());
    state.unread = 0;
    let budget = 0;
    let furthest = 0;
    for (let n = 0; n < 590; n += 1) {
      const before = written.length;
      live(1);
      budget = Math.min(1, budget + share);
      if (budget >= 1 && state.unread > 0) {
        state.unread -= 1;
        budget -= 1;
      }
      state.pending = state.unread;
      // The first ten seconds it may take to catch up.
      if (n > 300 && written.length > before) furthest = Math.max(furthest, clock.monotonic() - feed.fedAt!);
    }
    return furthest;
  };

  it('shows the beginning of each group of pictures, in time, where a decoder decodes two thirds of what comes', () => {
    const camera = feeding({ behind: 50, pictures: 600 });
    expect(starve(camera, 2 / 3)).toBeLessThan(450);
    expect(camera.feed.leftOut).toBeGreaterThan(100);
    expect(camera.written.length).toBeGreaterThan(200);
  });

  it('is behind up to a seventh of the way to a key picture that is far away', () => {
    const camera = feeding({ behind: 50, pictures: 600, group: 100 });
    const furthest = starve(camera, 2 / 3);
    expect(furthest).toBeGreaterThan(500);
    expect(furthest).toBeLessThan(1000);
  });

  it('goes back where it is begun anew, and says what is wanted of it', () => {
    const clock = fakeClock();
    clock.advance(10_000);
    const arrivals = fragmentsOf(50).map((fragment, i) => ({ fragment, at: 8000 + i * 40 }));
    const written: [number, boolean][] = [];
    const feed = new PacedFeed({
      write: ({ fragment: { bytes } }, wanted) => written.push([bytes[0], wanted]),
      unshown: () => 0,
      pending: () => 0,
      isWaiting: () => false,
      isTimely: true,
      clock,
    });
    feed.push(arrivals[0]);
    feed.shown(clock.monotonic());
    clock.advance(1000);
    feed.push(arrivals[25]);
    feed.begin(arrivals.slice(0, 30), arrivals[3].at);
    clock.advance(2000);
    expect(written.slice(0, 8)).toEqual([
      [0, true],
      [25, true],
      [0, false],
      [1, false],
      [2, false],
      [3, true],
      [4, true],
      [5, true],
    ]);
    expect(written).toHaveLength(32);
  });

  it('goes no further ahead of what a decoder has to show than a little', () => {
    const { feed, clock, written, live, state } = feeding({ behind: 30 });
    feed.shown(clock.monotonic());
    live(40);
    const before = written.length;
    // It does not show the latest: one more may follow that one.
    const unshown = (from: number) => Math.max(0, written.length - from);
    state.unshown = () => unshown(before);
    live(3);
    expect(written.length - before).toBe(1);
    const held = written.length;
    state.unshown = () => 0;
    live(1);
    expect(written.length).toBeGreaterThan(held + 1);
    // One that shows nothing at all is fed all the same, or it would never be known to be dead.
    state.unshown = () => unshown(held);
    live(100);
    expect(written.length).toBeGreaterThan(held + 6);
  });

  it('does not wait for a decoder that reorders pictures to show what it cannot show yet, however late the next came', () => {
    const clock = fakeClock();
    clock.advance(10_000);
    const written: number[] = [];
    let shown = 0;
    const feed = new PacedFeed({
      write: ({ at }) => written.push(at),
      unshown: () => Math.max(0, written.length - 1 - shown),
      pending: () => 0,
      isWaiting: () => false,
      isTimely: true,
      clock,
    });
    const show = (): void => {
      // Each is shown when the third after it is fed.
      while (written.length - shown > 3) feed.shown(written[shown++]);
    };
    const passTime = (): void => {
      for (let ms = 0; ms < 160; ms += 10) {
        clock.advance(10);
        show();
      }
    };
    const pictures = fragmentsOf(160).map((fragment) => ({ ...fragment, compositionMs: 80 }));
    for (const [n, fragment] of pictures.entries()) {
      // They come four at a time.
      if (n % 4 === 0) passTime();
      feed.push({ fragment, at: clock.monotonic() });
      show();
    }
    clock.advance(100);
    expect(written).toHaveLength(160);
    expect(shown).toBe(157);
    expect(feed.leftOut).toBe(0);
  });

  it('is over when it is stopped, and leaves no timer', () => {
    const { feed, clock, written } = feeding();
    feed.shown(clock.monotonic());
    clock.advance(50);
    const before = written.length;
    feed.stop();
    clock.advance(1000);
    expect(written).toHaveLength(before);
  });
});
