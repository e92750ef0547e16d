import { describe, expect, it } from 'vitest';
import type { FeedSocket } from '../../../dashboard/controllers/event-feed.js';
import { EventFeed } from '../../../dashboard/controllers/event-feed.js';
import { fakeDeskClock, fakeHost } from '../fake-desk-clock.js';

class Wire implements FeedSocket {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  closed = false;
  readonly since: number;

  constructor(since: number) {
    this.since = since;
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.onopen?.({} as Event);
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  break(): void {
    this.onclose?.({} as CloseEvent);
  }
}

function setUp(random = 0.5) {
  const clock = fakeDeskClock();
  const wires: Wire[] = [];
  const told = { seqs: [] as number[], messages: 0, gaps: 0, resumed: 0, refused: 0 };
  const feed = new EventFeed(fakeHost(), {
    clock,
    random: () => random,
    open: (since) => {
      const wire = new Wire(since);
      wires.push(wire);
      return wire;
    },
    onMessage: () => (told.messages += 1),
    onEvent: ({ seq }) => told.seqs.push(seq),
    onGap: () => (told.gaps += 1),
    onResumed: () => (told.resumed += 1),
    onRefused: () => (told.refused += 1),
  });
  const event = (seq: number) => ({ type: 'greeting', seq });
  return { clock, wires, told, feed, event, last: () => wires.at(-1)! };
}

describe('the event feed', () => {
  it('follows from the sequence it is given and hands on each event once', () => {
    const { feed, last, told, event } = setUp();
    feed.start(41);
    expect(last().since).toBe(41);
    expect(feed.link.state).toBe('connecting');
    last().open();
    for (const seq of [41, 42, 43, 43, 42, 44]) last().say(event(seq));
    expect(told.seqs).toEqual([42, 43, 44]);
    // Whoever says what is known already is not silent.
    expect(told.messages).toBe(6);
    expect(feed.link.state).toBe('open');
  });

  it('says at once that the connection is lost, and resumes after the last event', () => {
    const { feed, last, told, event, clock, wires } = setUp();
    feed.start(0);
    last().open();
    last().say(event(1));
    last().break();
    expect(feed.link).toEqual({ state: 'lost', since: clock.now(), nextTryAt: clock.now() + 250 });
    clock.advance(249);
    expect(wires).toHaveLength(1);
    clock.advance(1);
    expect(last().since).toBe(1);
    last().open();
    for (const seq of [1, 2, 3]) last().say(event(seq));
    expect(told).toMatchObject({ seqs: [1, 2, 3], resumed: 1 });
    expect(clock.pending()).toBe(0);
  });

  it('does not hear a socket that it has given up', () => {
    const { feed, wires, told, event, clock } = setUp();
    feed.start(0);
    wires[0].open();
    feed.suspect();
    expect(wires[0].closed).toBe(true);
    clock.advance(250);
    wires[1].open();
    wires[0].say(event(1));
    wires[0].break();
    wires[1].say(event(1));
    expect(told.seqs).toEqual([1]);
    expect(feed.link.state).toBe('open');
  });

  it('waits longer after every failure, up to five seconds, and starts over once it is open', () => {
    const { feed, wires, clock, last } = setUp();
    feed.start(0);
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      last().break();
      if (feed.link.state !== 'lost') throw new Error('not lost');
      waits.push(feed.link.nextTryAt - clock.now());
      clock.advance(waits.at(-1)!);
      expect(wires).toHaveLength(tries + 2);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    last().open();
    last().break();
    expect(feed.link).toMatchObject({ state: 'lost', nextTryAt: clock.now() + 250 });
  });

  it('spreads the tries of many desks by a quarter to either side', () => {
    for (const [random, wait] of [
      [0, 187.5],
      [1, 312.5],
    ] as const) {
      const { feed, clock, last } = setUp(random);
      feed.start(0);
      last().break();
      expect(feed.link).toMatchObject({ nextTryAt: clock.now() + wait });
    }
  });

  it('counts one loss from its beginning through all its tries', () => {
    const { feed, clock, last } = setUp();
    feed.start(0);
    last().open();
    const since = clock.now();
    last().break();
    clock.advance(250);
    last().break();
    clock.advance(500);
    last().break();
    expect(feed.link).toMatchObject({ state: 'lost', since });
  });

  it('asks why when a handshake is refused, not when an open socket breaks', () => {
    const { feed, clock, last, told } = setUp();
    feed.start(0);
    last().break();
    expect(told.refused).toBe(1);
    clock.advance(250);
    last().open();
    last().break();
    expect(told.refused).toBe(1);
  });

  it('tries at once when asked to', () => {
    const { feed, last, wires, clock } = setUp();
    feed.start(0);
    last().break();
    feed.retry();
    expect(wires).toHaveLength(2);
    clock.advance(10_000);
    expect(wires).toHaveLength(2);
  });

  it('hands on a gap and leaves nothing behind when stopped', () => {
    const { feed, last, told, clock, wires } = setUp();
    feed.start(3);
    last().open();
    last().say({ type: 'feed.gap', since: 3, oldest: 9, missed: 5 });
    expect(told.gaps).toBe(1);
    last().break();
    feed.stop();
    clock.advance(60_000);
    expect(wires).toHaveLength(1);
    expect(feed.link.state).toBe('off');
    expect(clock.pending()).toBe(0);
  });
});
