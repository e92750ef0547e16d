import { describe, expect, it } from 'vitest';
import { PacedFeed } from '../../../server/cameras/attention/paced-feed.js';
import { Patience } from '../../../server/cameras/attention/patience.js';
import { RecentVideo } from '../../../server/cameras/attention/recent-video.js';
import { fakeClock } from '../../fixtures/fake-clock.js';
import { fragmentsOf } from './fragments.js';

/** A connection whose pictures come 40 ms apart and are shown, where they are key pictures. */
function connection({ group = 25, fps = 8 } = {}) {
  const recent = new RecentVideo();
  const patience = new Patience(fps, recent);
  const pictures = fragmentsOf(1000, { group });
  let next = 0;
  const come = (count: number) => {
    let never: string | null = null;
    for (let n = 0; n < count && never === null; n += 1, next += 1) {
      const fragment = pictures[next];
      recent.push({ fragment, at: next * 40 });
      if (fragment.keyframe) patience.shown(next * 40);
      never = patience.arrived(fragment, next * 40);
    }
    return never;
  };
  return { patience, come, now: () => (next - 1) * 40 };
}

describe('patience', () => {
  it('is had with a camera from its beginning, where a key picture comes each second', () => {
    const { patience, come, now } = connection();
    for (let n = 0; n < 500; n += 1) {
      expect(come(1)).toBeNull();
      expect(patience.lost(now())).toBeNull();
    }
  });

  it('ends after two and a half seconds without a second key picture', () => {
    const { patience, come, now } = connection({ group: 100 });
    come(63);
    expect(patience.lost(now())).toBeNull();
    come(1);
    expect(patience.lost(now())).toBe('start');
    come(60);
    expect(patience.lost(now())).toBeNull();
    expect(patience.mayRest({ isShown: true, fedAt: now() }, 0, now())).toBe(true);
  });

  it('ends where key pictures stop coming', () => {
    const { patience, come, now } = connection();
    come(26);
    expect(patience.lost(now() + 10_000)).toBeNull();
    expect(patience.lost(now() + 10_001)).toBe('keyframe');
  });

  it('begins anew when a camera rests, however long ago its latest key picture was shown', () => {
    const { patience, come, now } = connection();
    come(26);
    const restsAt = now() + 60_000;
    patience.rested(restsAt);
    expect(patience.lost(restsAt)).toBeNull();
    expect(patience.lost(restsAt + 10_000)).toBeNull();
    expect(patience.lost(restsAt + 10_001)).toBe('keyframe');
  });

  it('knows a camera of key pictures by five of them, and does not take two that come at once for it', () => {
    expect(connection({ group: 1 }).come(5)).toBeNull();
    expect(connection({ group: 1 }).come(6)).toBe('most of its pictures are key pictures');
    const recent = new RecentVideo();
    const patience = new Patience(8, recent);
    const [key] = fragmentsOf(1);
    for (const at of [0, 10, 1000, 1010, 2000, 2010, 3000, 3010]) {
      recent.push({ fragment: key, at });
      expect(patience.arrived(key, at)).toBeNull();
    }
  });
});

/**
 * All cameras wake at once, and the machine decodes a part of their pictures: who is how far behind, and when they sleep.
 * Each decoder takes its turn.
 */
function lightSwitchedOn({ cameras, perSecond, seconds }: Record<string, number>) {
  const clock = fakeClock();
  const all = Array.from({ length: cameras }, () => {
    const recent = new RecentVideo();
    const waiting: number[] = [];
    const feed: PacedFeed = new PacedFeed({
      unshown: () => 0,
      write: () => waiting.push(feed.fedAt ?? clock.monotonic()),
      // A decoder reads ahead a few pictures; what it has not read is a megabyte and more.
      pending: () => (waiting.length > 5 ? 2 << 20 : 0),
      isWaiting: () => false,
      isTimely: true,
      clock,
    });
    return {
      recent,
      patience: new Patience(8, recent),
      feed,
      waiting,
      restedAt: null as number | null,
      behind: 0,
    };
  });
  const start = clock.monotonic();
  const pictures = fragmentsOf(seconds * 25);
  let budget = 0;
  let turn = 0;
  for (const fragment of pictures) {
    const at = clock.monotonic();
    for (const camera of all) {
      camera.recent.push({ fragment, at });
      camera.patience.arrived(fragment, at);
      if (camera.restedAt !== null) continue;
      camera.feed.push({ fragment, at });
      // The light is the only thing that moved: nothing keeps it awake after four seconds.
      if (!camera.patience.mayRest(camera.feed, at - start - 4000, at)) continue;
      camera.restedAt = at - start;
      camera.feed.stop();
    }
    budget = Math.min(cameras, budget + perSecond / 25);
    for (let looked = 0; budget >= 1 && looked < cameras; looked += 1, turn += 1) {
      const camera = all[turn % cameras];
      if (camera.restedAt !== null || camera.waiting.length === 0) continue;
      camera.behind = Math.max(camera.behind, at - camera.waiting.shift()!);
      camera.feed.shown(at);
      budget -= 1;
      looked = -1;
    }
    clock.advance(40);
  }
  return {
    rested: all.map(({ restedAt }) => restedAt),
    mostBehind: Math.max(...all.map(({ behind }) => behind)),
  };
}

describe('32 cameras whose light is switched on', () => {
  it('rest after four seconds on a machine that can decode them all', () => {
    const { rested, mostBehind } = lightSwitchedOn({ cameras: 32, perSecond: 32 * 30, seconds: 20 });
    expect(rested.every((at) => at !== null && at < 4500)).toBe(true);
    expect(mostBehind).toBeLessThan(500);
  });

  it('rest within five seconds on one that decodes a fifth, and are a few seconds behind at most', () => {
    const { rested, mostBehind } = lightSwitchedOn({ cameras: 32, perSecond: 32 * 5, seconds: 20 });
    expect(rested.every((at) => at !== null && at < 5000)).toBe(true);
    expect(mostBehind).toBeGreaterThan(1000);
    expect(mostBehind).toBeLessThan(4000);
  });

  it('rest within ten seconds on one that does not come to most of them', () => {
    const { rested } = lightSwitchedOn({ cameras: 32, perSecond: 2, seconds: 20 });
    expect(rested.every((at) => at !== null && at < 10_000)).toBe(true);
    expect(rested.filter((at) => at! > 9000).length).toBeGreaterThan(16);
  });
});
