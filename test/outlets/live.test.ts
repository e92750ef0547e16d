import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { silentLog } from '../../server/base/log.js';
import { decodeLive, type LiveHeader } from '../../server/events/live.js';
import type { Frame } from '../../server/frames/frame.js';
import { launchLivePictures } from '../../server/compose/live-pictures.js';
import { createLiveView, type LiveView } from '../../server/outlets/live.js';
import { livePictures } from '../../server/outlets/live-pictures.js';
import { fakeClock } from '../fixtures/fake-clock.js';
import { toYuv } from '../fixtures/yuv.js';

const clock = fakeClock();
/** Every thread that was started for the view. */
let threads: Worker[];
let view: LiveView;
let server: WebSocketServer;
beforeEach(async () => {
  threads = [];
  const launch = () => {
    threads.push(launchLivePictures());
    return threads.at(-1)!;
  };
  view = createLiveView(silentLog, livePictures(launch, clock, silentLog));
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket, request) => view.accept(socket, request.url!.slice(1), true));
  await once(server, 'listening');
});
afterEach(async () => {
  await view.close();
  server.close();
  expect(threads.map(({ threadId }) => threadId)).toEqual(threads.map(() => GONE));
});

/** The id of a thread that is there no more. */
const GONE = -1;

const RED = [200, 30, 30];
const BLUE = [30, 30, 200];

function frameOf(camera: string, colour: readonly number[], width = 320, height = 180): Frame {
  const pixels = new Uint8Array(width * height * 3);
  pixels.forEach((_, i) => (pixels[i] = colour[i % 3]));
  return {
    camera,
    sequence: 1,
    capturedAt: 0,
    arrivedAt: 0,
    isFirst: false,
    ...toYuv({ width, height, pixels }),
    release: () => undefined,
  };
}

const headerOf = ({ camera, sequence, width, height }: Frame): LiveHeader => ({
  ...{ camera, sequence, at: '2026-01-01T00:00:00.000Z', faces: [], latencyMs: 1 },
  frame: { width, height },
});

async function watch(camera: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/${camera}`);
  const before = view.watchers;
  await once(socket, 'open');
  await expect.poll(() => view.watchers).toBeGreaterThan(before);
  return socket;
}

/** Shows a frame, draws over it at once as the camera would, and measures what a watcher gets. */
async function shown(socket: WebSocket, frame: Frame): Promise<{ colour: number[]; width: number }> {
  const next = once(socket, 'message') as Promise<[Buffer]>;
  view.show(frame, headerOf(frame));
  frame.planes.fill(0);
  const [message] = await next;
  const { header, jpeg } = decodeLive(Uint8Array.from(message).buffer);
  expect(header.camera).toBe(frame.camera);
  const { channels } = await sharp(jpeg).stats();
  return {
    colour: channels.map(({ mean }) => Math.round(mean)),
    width: (await sharp(jpeg).metadata()).width,
  };
}

/** JPEG keeps an even colour to a level or two. */
function expectColour(seen: readonly number[], colour: readonly number[]): void {
  seen.forEach((mean, i) => expect(Math.abs(mean - colour[i])).toBeLessThan(6));
}

describe('the live view', () => {
  it('sends each picture as it was when it was shown, whatever the camera draws there next', async () => {
    const socket = await watch('door');
    for (const colour of [RED, BLUE, RED])
      expectColour((await shown(socket, frameOf('door', colour))).colour, colour);
  });

  it('keeps cameras apart that are encoded at the same time', async () => {
    const [door, yard] = [await watch('door'), await watch('yard')];
    const [red, blue] = await Promise.all([
      shown(door, frameOf('door', RED)),
      shown(yard, frameOf('yard', BLUE)),
    ]);
    expectColour(red.colour, RED);
    expectColour(blue.colour, BLUE);
  });

  it('goes on where a camera comes back with another size, or a watcher after all had left', async () => {
    const first = await watch('door');
    expect((await shown(first, frameOf('door', RED))).width).toBe(320);
    expect((await shown(first, frameOf('door', BLUE, 160, 90))).width).toBe(160);
    first.close();
    await expect.poll(() => view.watchers).toBe(0);
    const second = await watch('door');
    const { colour, width } = await shown(second, frameOf('door', RED, 1280, 720));
    expectColour(colour, RED);
    expect(width).toBe(960);
  });

  it('has a thread for its pictures once somebody watches them, and not before', async () => {
    view.show(frameOf('door', RED), headerOf(frameOf('door', RED)));
    expect(threads).toHaveLength(0);
    const socket = await watch('door');
    await shown(socket, frameOf('door', RED));
    await shown(socket, frameOf('door', BLUE));
    expect(threads).toHaveLength(1);
  });

  it('goes on five seconds after its thread was lost with a picture in hand', async () => {
    const socket = await watch('door');
    await shown(socket, frameOf('door', RED));
    // Should it be done before its thread is, it looks like the last one.
    view.show(frameOf('door', BLUE), headerOf(frameOf('door', BLUE)));
    await threads[0].terminate();
    for (const ms of [0, 4_900]) {
      await nextTurn();
      clock.advance(ms);
      view.show(frameOf('door', BLUE), headerOf(frameOf('door', BLUE)));
    }
    await nextTurn();
    expect(threads).toHaveLength(1);
    clock.advance(200);
    expectColour((await shown(socket, frameOf('door', BLUE))).colour, BLUE);
    expect(threads).toHaveLength(2);
  });

  it('says nothing and ends where it is closed with a picture in hand', async () => {
    await watch('door');
    view.show(frameOf('door', RED), headerOf(frameOf('door', RED)));
    expect(threads).toHaveLength(1);
    await view.close();
    expect(threads[0].threadId).toBe(GONE);
    view.show(frameOf('door', RED), headerOf(frameOf('door', RED)));
    expect(threads).toHaveLength(1);
  });
});
