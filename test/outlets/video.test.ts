import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { silentLog } from '../../server/base/log.js';
import { decodeFragment, type FragmentHeader, type VideoMessage } from '../../server/events/video.js';
import type { VideoFragment, VideoInit } from '../../server/frames/video.js';
import { createVideoView, type VideoView } from '../../server/outlets/video.js';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.js';

let view: VideoView;
let clock: FakeClock;
let url: string;
let close: () => Promise<void>;

beforeEach(async () => {
  clock = fakeClock();
  view = createVideoView(clock, silentLog, { unreadBytes: 200_000, keptBytes: 100_000 });
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => view.accept(socket, 'door'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    await view.close();
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(() => close());

const head = (name: string): VideoInit => ({
  bytes: Buffer.from(name),
  codec: 'avc1.640028',
  record: new Uint8Array(),
  width: 1920,
  height: 1080,
});

let number = 0;
function picture(keyframe: boolean, bytes = 100): VideoFragment {
  number += 1;
  const decodeTimeMs = number * 40;
  return {
    bytes: Buffer.alloc(bytes, number),
    keyframe,
    decodeTimeMs,
    compositionMs: 5,
    durationMs: 40,
    sampleBytes: bytes,
  };
}

/** A desk that keeps what it gets, in words. */
async function desk() {
  const watchers = view.watchers;
  const socket = new WebSocket(url);
  const got: string[] = [];
  const headers: FragmentHeader[] = [];
  let begins = false;
  socket.on('message', (data: Buffer, binary) => {
    if (!binary) {
      const message = JSON.parse(data.toString()) as VideoMessage;
      begins = message.type === 'video.start';
      got.push(
        begins && 'codec' in message ? `${message.type} ${message.codec} ${message.width}` : message.type,
      );
    } else if (begins) {
      begins = false;
      got.push(`head ${data.toString()}`);
    } else {
      const { header } = decodeFragment(Uint8Array.from(data).buffer);
      headers.push(header);
      got.push(header.keyframe ? 'key' : 'picture');
    }
  });
  await once(socket, 'open');
  await expect.poll(() => view.watchers).toBe(watchers + 1);
  const until = (list: string[]) => expect.poll(() => got, { timeout: 10_000 }).toEqual(list);
  return { socket, got, headers, until };
}

const start = 'video.start avc1.640028 1920';

describe('the video of a camera', () => {
  test('begins with its head and what came since the last key picture', async () => {
    const door = view.sink('door');
    door.start(head('a'));
    for (const key of [true, false, true, false, false]) door.fragment(picture(key));
    const { until } = await desk();
    await until([start, 'head a', 'key', 'picture', 'picture']);
    door.fragment(picture(false));
    door.fragment(picture(true));
    await until([start, 'head a', 'key', 'picture', 'picture', 'picture', 'key']);
    expect(view.missed).toBe(0);
  });

  test('tells of each picture when it arrived and when it is shown', async () => {
    const door = view.sink('door');
    door.start(head('a'));
    const { headers } = await desk();
    number = 10;
    clock.advance(1234);
    const at = new Date(clock.wall()).toISOString();
    door.fragment(picture(true));
    await expect.poll(() => headers).toEqual([{ at, timeMs: 445, durationMs: 40, keyframe: true }]);
  });

  test('is said to be none where there is none, and begins when there is', async () => {
    const { until } = await desk();
    await until(['video.none']);
    const door = view.sink('door');
    door.start(head('a'));
    // Nobody can decode this one.
    door.fragment(picture(false));
    door.fragment(picture(true));
    await until(['video.none', start, 'head a', 'key']);
    door.end();
    await until(['video.none', start, 'head a', 'key', 'video.none']);
  });

  test('begins anew where its codec or size changes, and nothing of the old is kept', async () => {
    const door = view.sink('door');
    door.start(head('a'));
    door.fragment(picture(true));
    const first = await desk();
    await first.until([start, 'head a', 'key']);
    door.start(head('b'));
    door.fragment(picture(false));
    const second = await desk();
    door.fragment(picture(true));
    await first.until([start, 'head a', 'key', start, 'head b', 'key']);
    await second.until([start, 'head b', 'key']);
  });

  test('skips to the next key picture for whoever does not read, counts it, and lets nobody else wait', async () => {
    const door = view.sink('door');
    door.start(head('a'));
    const slow = await desk();
    const quick = await desk();
    (slow.socket as unknown as { _socket: Socket })._socket.pause();
    // Kernels hold some megabytes before anything is unread on our side.
    let sent = 0;
    while (view.missed === 0 && sent < 400) {
      door.fragment(picture(sent === 0, 50_000));
      sent += 1;
      await expect.poll(() => quick.headers.length, { interval: 2 }).toBe(sent);
    }
    expect(view.missed).toBeGreaterThan(0);
    (slow.socket as unknown as { _socket: Socket })._socket.resume();
    const before = sent - view.missed;
    await expect.poll(() => slow.headers.length).toBe(before);
    door.fragment(picture(false));
    door.fragment(picture(true));
    await expect.poll(() => slow.headers.length).toBe(before + 1);
    expect(slow.got.at(-1)).toBe('key');
    await expect.poll(() => quick.headers.length).toBe(sent + 2);
  });

  test('is not kept beyond its bound: who comes then waits for the next key picture', async () => {
    const door = view.sink('door');
    door.start(head('a'));
    door.fragment(picture(true, 60_000));
    door.fragment(picture(false, 60_000));
    door.fragment(picture(false));
    const { until } = await desk();
    await until([start, 'head a']);
    door.fragment(picture(false));
    door.fragment(picture(true));
    await until([start, 'head a', 'key']);
    expect(view.missed).toBe(0);
  });

  test('says when somebody begins and when the last one ceases to watch', async () => {
    const told: boolean[] = [];
    const following = view.watched('door').subscribe((watched) => told.push(watched));
    const first = await desk();
    const second = await desk();
    expect(told).toEqual([false, true]);
    first.socket.close();
    await expect.poll(() => view.watchers).toBe(1);
    expect(told).toEqual([false, true]);
    second.socket.close();
    await expect.poll(() => told).toEqual([false, true, false]);
    following.unsubscribe();
  });

  test('takes no messages', async () => {
    const { socket } = await desk();
    const closed = once(socket, 'close') as Promise<[number]>;
    socket.send('hello');
    expect((await closed)[0]).toBe(1008);
  });
});
