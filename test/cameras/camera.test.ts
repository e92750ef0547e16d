import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Subscription } from 'rxjs';
import { camera, type CameraStatus } from '../../server/cameras/camera.js';
import { SourceFault, type Source } from '../../server/cameras/source.js';
import { newFrame, type FrameSink } from '../../server/frames/frame.js';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.js';

/** A source that does what the test says, when it says it. */
class PlayedSource implements Source {
  runs: { sink: FrameSink; signal: AbortSignal; startedAt: number; fail(fault: unknown): void }[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, fail) => {
      this.runs.push({ sink, signal, startedAt: this.#clock.monotonic(), fail });
      signal.addEventListener('abort', () => resolve());
    });
  }

  get latest() {
    return this.runs.at(-1)!;
  }
}

const sink = (): FrameSink & { published: number; firsts: number[] } => ({
  width: 2,
  height: 2,
  writing: newFrame({ width: 2, height: 2 }),
  published: 0,
  firsts: [],
  publish(_, isFirst) {
    this.published += 1;
    if (isFirst) this.firsts.push(this.published);
  },
});

/** Most of these moments, in order, that lie within `ms`. */
const mostWithin = (moments: readonly number[], ms: number): number =>
  Math.max(...moments.map((from, i) => moments.filter((at, j) => j >= i && at < from + ms).length));

/** Lets promises that are due settle. */
const settle = async () => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

describe('camera', () => {
  let clock: FakeClock;
  let source: PlayedSource;
  let told: CameraStatus[];
  let restarts: string[];
  let running: Subscription;
  let frames: ReturnType<typeof sink>;

  const start = async (random = () => 0.999_999, signal?: AbortSignal) => {
    frames = sink();
    running = camera({
      id: 'door',
      source,
      sink: frames,
      clock,
      random,
      restarting: (code) => restarts.push(code),
      ...(signal ? { signal } : {}),
    }).subscribe((status) => told.push(status));
    await settle();
  };
  const advance = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  const fail = async (fault: unknown) => {
    source.latest.fail(fault);
    await settle();
  };
  const dropped = () => new SourceFault('CAMERA_DROPPED', 'The camera closed the connection.');

  beforeEach(() => {
    clock = fakeClock();
    source = new PlayedSource(clock);
    restarts = [];
    told = [];
  });
  afterEach(() => running.unsubscribe());

  it('does nothing before it is subscribed to', async () => {
    camera({ id: 'door', source, sink: sink(), clock, random: Math.random });
    await settle();
    expect(source.runs).toHaveLength(0);
    running = camera({ id: 'door', source, sink: sink(), clock, random: Math.random }).subscribe();
    await settle();
    expect(source.runs).toHaveLength(1);
  });

  it('is starting, then live with the first frame', async () => {
    await start();
    expect(told).toEqual([{ state: 'starting', reason: null, code: null, fps: 0 }]);
    source.latest.sink.publish();
    expect(told.at(-1)).toEqual({ state: 'live', reason: null, code: null, fps: 0 });
    expect(frames.published).toBe(1);
  });

  it('says of each connection which frame is its first', async () => {
    await start();
    source.latest.sink.publish();
    source.latest.sink.publish();
    await fail(dropped());
    await advance(60_000);
    source.latest.sink.publish();
    source.latest.sink.publish();
    expect(frames.firsts).toEqual([1, 3]);
  });

  it('measures frames a second over the last seconds', async () => {
    await start();
    for (let i = 0; i < 26; i += 1) {
      source.latest.sink.publish();
      await advance(200);
    }
    expect(told.at(-1)!.fps).toBeCloseTo(5, 0);
    for (let i = 0; i < 10; i += 1) {
      source.latest.sink.publish();
      await advance(500);
    }
    expect(told.at(-1)!.fps).toBeCloseTo(2, 0);
  });

  it.each([
    [dropped(), 'reconnecting'],
    [new SourceFault('CAMERA_STALLED', 'No picture.'), 'stalled'],
    [new SourceFault('CAMERA_UNAUTHORISED', 'Refused.', 'slowly'), 'refused'],
  ])('says why it is not live: %s', async (fault, state) => {
    await start();
    source.latest.sink.publish();
    await fail(fault);
    expect(told.at(-1)).toEqual({ state, reason: fault.message, code: fault.code, fps: 0 });
  });

  it('takes anything else that is thrown for a fault and gives nothing of it away', async () => {
    await start();
    await fail(new Error('rtsp://user:secret@host'));
    expect(told.at(-1)).toMatchObject({ state: 'reconnecting', code: 'CAMERA_FAILED' });
    expect(told.at(-1)!.reason).not.toContain('secret');
    await advance(500);
    expect(source.runs).toHaveLength(2);
  });

  it('tries again after at most 0.5 s, then doubles up to 1.5 s', async () => {
    await start();
    const pauses: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const failedAt = clock.monotonic();
      await fail(dropped());
      const before = source.runs.length;
      while (source.runs.length === before) await advance(10);
      pauses.push(clock.monotonic() - failedAt);
    }
    expect(pauses).toEqual([500, 1000, 1500, 1500, 1500]);
  });

  it('tries again quickly after it was live for a while', async () => {
    await start();
    for (let i = 0; i < 4; i += 1) {
      await fail(dropped());
      await advance(1500);
    }
    source.latest.sink.publish();
    await advance(6000);
    const before = source.runs.length;
    await fail(dropped());
    await advance(500);
    expect(source.runs).toHaveLength(before + 1);
  });

  it('asks a camera that refuses again after half a minute at the earliest, a minute at the latest', async () => {
    await start(() => 0);
    await fail(new SourceFault('CAMERA_UNAUTHORISED', 'Refused.', 'slowly'));
    await advance(29_990);
    expect(source.runs).toHaveLength(1);
    await advance(20);
    expect(source.runs).toHaveLength(2);
  });

  it('does not wait once more for what a vain attempt has waited', async () => {
    await start();
    await fail(dropped());
    await advance(500);
    await fail(dropped());
    await advance(1000);
    await advance(4000);
    await fail(new SourceFault('CAMERA_NO_ANSWER', 'No answer.'));
    await advance(510);
    expect(source.runs).toHaveLength(4);
  });

  it('keeps its state while it tries again, and says each thing once', async () => {
    await start();
    await fail(dropped());
    await advance(500);
    await fail(dropped());
    expect(told.map(({ state }) => state)).toEqual(['starting', 'reconnecting']);
  });

  it('tells each restart with its code, those that change nothing of its state too, and not the end', async () => {
    const stop = new AbortController();
    await start(undefined, stop.signal);
    await fail(dropped());
    await advance(500);
    await fail(dropped());
    await advance(2_000);
    await fail(new SourceFault('CAMERA_STALLED', 'No picture.'));
    await advance(2_000);
    stop.abort();
    await settle();
    expect(restarts).toEqual(['CAMERA_DROPPED', 'CAMERA_DROPPED', 'CAMERA_STALLED']);
  });

  it.each([
    ['drop the connection', 0],
    ['do not answer for 4 s', 4000],
  ])('twenty cameras that %s at once do not come back in step', async (_, spentMs) => {
    let seed = 7919;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const sources = Array.from({ length: 20 }, () => new PlayedSource(clock));
    const all = sources.map((one, i) =>
      camera({ id: `c${i}`, source: one, sink: sink(), clock, random }).subscribe(),
    );
    await settle();
    await advance(spentMs);
    for (const one of sources) one.latest.fail(dropped());
    await settle();
    for (let i = 0; i < 100; i += 1) await advance(5);
    const tries = sources.map((one) => one.latest.startedAt).sort((a, b) => a - b);
    for (const one of all) one.unsubscribe();
    running = all[0]!;
    expect(sources.every((one) => one.runs.length === 2)).toBe(true);
    expect(mostWithin(tries, 100)).toBeLessThanOrEqual(11);
    expect(tries.at(-1)! - tries[0]).toBeGreaterThan(350);
  });

  it('leaves no timer and no source when it is unsubscribed from, live or waiting', async () => {
    await start();
    running.unsubscribe();
    expect(source.latest.signal.aborted).toBe(true);
    const frame = frames.published;
    source.latest.sink.publish();
    expect(frames.published).toBe(frame);
    await start();
    await fail(dropped());
    running.unsubscribe();
    const runs = source.runs.length;
    await advance(120_000);
    expect(source.runs).toHaveLength(runs);
  });

  it('stops in good order: says so once the source is gone', async () => {
    const stop = new AbortController();
    await start(Math.random, stop.signal);
    source.latest.sink.publish();
    stop.abort();
    expect(told.at(-1)!.state).toBe('live');
    await settle();
    expect(told.at(-1)).toEqual({ state: 'stopped', reason: null, code: null, fps: 0 });
    expect(running.closed).toBe(true);
  });

  it('stops at once while it waits to try again', async () => {
    const stop = new AbortController();
    await start(Math.random, stop.signal);
    await fail(dropped());
    stop.abort();
    expect(told.at(-1)!.state).toBe('stopped');
    await advance(10_000);
    expect(source.runs).toHaveLength(1);
  });
});
