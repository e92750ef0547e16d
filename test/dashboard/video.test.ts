import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import { camera as supervise } from '../../server/cameras/camera.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { rtspSource } from '../../server/cameras/sources/rtsp.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { LiveFace } from '../../server/events/live.js';
import type { Frame } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { composeLivePictures } from '../../server/compose/live-pictures.js';
import { createLiveView, type LiveView } from '../../server/outlets/live.js';
import { createVideoView, type VideoView } from '../../server/outlets/video.js';
import { makeClip, type Clip } from '../fixtures/clip.js';
import type { DeskServer } from '../fixtures/desk-server.js';
import { startDeskServer } from '../fixtures/desk-server.js';
import { recordedCameras } from '../fixtures/desk/recorded.js';
import { fedRtspSource } from '../fixtures/fed-rtsp-source.js';
import { RtspCamera } from '../fixtures/rtsp-camera.js';
import type { Desk } from './browser.js';
import { browserNeeded, buildDashboard, launch, noBrowser, openDesk } from './browser.js';

const bundled = await findFfmpeg({ env: {} });
const SIZE = { width: 640, height: 360 };
const SQUARE = 60;
/** Pixels that the square moves from one picture to the next. */
const STEP = 4;
/** Recognition takes a while; so long here, ms. */
const LATENCY_MS = 70;

/** A white square that goes from left to right over dark grey, and what else may be in the camera. */
const drawing = (seconds: number) =>
  `color=0x202020:s=640x360:r=25:d=${seconds}[a];color=white:s=${SQUARE}x${SQUARE}:r=25:d=${seconds}[b];` +
  `[a][b]overlay=x='mod(n*${STEP},560)':y=150`;
const clipOf = (codec: 'h264' | 'h265'): Clip =>
  makeClip(bundled.path, { codec, ...SIZE, seconds: 5, gop: 25, drawing: drawing(5) });

/** What stands in for recognition: the square that is really in the frame. */
function findSquare(frame: Frame): LiveFace[] {
  const row = (150 + SQUARE / 2) * SIZE.width;
  const white = Array.from({ length: SIZE.width }, (_, x) => x).filter((x) => frame.planes[row + x] > 170);
  if (white.length < SQUARE / 2) return [];
  return [
    {
      visit: 'v-1',
      box: { x: white[0], y: 150, width: white.at(-1)! - white[0], height: SQUARE },
      score: 1,
      status: 'recognised',
      person: { id: 'ada', name: 'Ada' },
      distance: 0.3,
      threshold: 0.54,
      problem: null,
    },
  ];
}

describe.skipIf(noBrowser)(`the cameras' own video on the desk${browserNeeded}`, () => {
  let browser: Browser;
  let dashboard: string;
  let clips: Record<'h264' | 'h265', Clip>;
  let camera: RtspCamera;
  let live: LiveView;
  let video: VideoView;
  let server: DeskServer;
  let desk: Desk;
  let stop: () => Promise<void>;
  const watching: string[] = [];

  beforeAll(async () => {
    clips = { h264: clipOf('h264'), h265: clipOf('h265') };
    [dashboard, browser] = await Promise.all([buildDashboard(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await desk.close();
    await stop();
    expect(desk.complaints).toEqual([]);
  });

  /** A real camera, a real ffmpeg and the real outlets; recognition looks for a square. */
  async function open(codec: 'h264' | 'h265', openSource: typeof fedRtspSource = rtspSource): Promise<Page> {
    watching.length = 0;
    camera = await new RtspCamera({ clip: clips[codec] }).open();
    live = createLiveView(silentLog, composeLivePictures(clock, silentLog));
    video = createVideoView(clock, silentLog);
    const slot = new FreshestFrame('door', SIZE, clock);
    const abort = new AbortController();
    const source = openSource(
      { ...SIZE, fps: 8, url: camera.url, transport: 'tcp' },
      { ffmpeg: bundled, clock },
    );
    const options = { id: 'door', source, sink: slot, clock, random: Math.random, signal: abort.signal };
    const over = new Promise<void>((resolve) => {
      supervise({
        ...options,
        video: video.sink('door'),
        backoff: { firstMs: 100, capMs: 300, slowMs: 300 },
      }).subscribe({ complete: resolve });
    });
    const ready = slot.ready.subscribe(() => {
      const frame = slot.take();
      if (!frame) return;
      const { sequence, capturedAt } = frame;
      const at = new Date(capturedAt).toISOString();
      const header = { camera: 'door', sequence, at, frame: SIZE, faces: findSquare(frame) };
      const copy = { ...frame, planes: Uint8Array.from(frame.planes), release: () => undefined };
      frame.release();
      setTimeout(() => live.show(copy, { ...header, latencyMs: LATENCY_MS }), LATENCY_MS);
    });
    const cameras: CameraInfo[] = [
      { ...recordedCameras[0], id: 'door', name: 'Door', state: 'live', reason: null },
    ];
    server = await startDeskServer({
      dashboard,
      cameras,
      history: [],
      watch: (socket, id, channel) => {
        watching.push(channel);
        if (channel === 'video') video.accept(socket, id);
        else live.accept(socket, id, channel === 'pictures');
      },
    });
    stop = async () => {
      ready.unsubscribe();
      abort.abort();
      await over;
      await live.close();
      await video.close();
      await server.close();
      await camera.close();
    };
    desk = await openDesk(browser, server.url);
    await desk.page.locator('gh-live-tile').waitFor();
    return desk.page;
  }

  const playing = (page: Page, wanted: boolean, timeout = 15_000) =>
    page.waitForFunction(
      (is) =>
        (
          document
            .querySelector('gh-app')!
            .shadowRoot!.querySelector('gh-wall')!
            .shadowRoot!.querySelector('gh-live-tile') as unknown as { playing: boolean }
        ).playing === is,
      wanted,
      { timeout },
    );

  /** What is on the canvas now: its square, the box that is meant for it, how dark the rest is, the video's time. */
  const look = (page: Page) =>
    page.locator('gh-live-tile').evaluate((tile) => {
      const root = tile.shadowRoot!;
      const canvas = root.querySelector('canvas')!;
      const element = root.querySelector('video')!;
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, Math.round((height * 180) / 360), width, 1);
      const white = [];
      for (let x = 0; x < width; x += 1) {
        if (data[x * 4] > 180 && data[x * 4 + 1] > 180 && data[x * 4 + 2] > 180) white.push(x);
      }
      const { shown } = tile as unknown as {
        shown: { faces: { box: { x: number; width: number } }[] } | null;
      };
      const scale = width / 640;
      const box = shown?.faces[0]?.box ?? null;
      return {
        time: element.currentTime,
        behind:
          element.buffered.length === 0
            ? null
            : element.buffered.end(element.buffered.length - 1) - element.currentTime,
        ground: data[8 * 4],
        square: white.length === 0 ? null : (white[0] + white.at(-1)!) / 2 / scale,
        box: box === null ? null : box.x + box.width / 2,
      };
    });

  it('is played, close behind the camera, its boxes in step, and no JPEG is sent meanwhile', async () => {
    const page = await open('h264');
    await playing(page, true);
    await expect.poll(() => watching).toEqual(['pictures', 'video', 'faces']);
    const first = await look(page);
    const seen: Awaited<ReturnType<typeof look>>[] = [];
    for (let times = 0; times < 40; times += 1) {
      seen.push(await look(page));
      await page.waitForTimeout(70);
    }
    const last = seen.at(-1)!;
    expect(last.time - first.time).toBeGreaterThan(1.5);
    expect(last.behind).toBeLessThan(1);
    // 0x20 in limited range: dark, but not the black of nothing.
    expect(last.ground).toBeGreaterThan(15);
    expect(last.ground).toBeLessThan(60);
    // At the clip's end the square jumps back; what is shown then is led across. Otherwise box and square agree.
    const off = seen
      .filter(({ square, box }) => square !== null && box !== null)
      .map(({ square, box }) => Math.abs(square! - box!));
    expect(off.length).toBeGreaterThan(25);
    const sorted = off.sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.5)]).toBeLessThanOrEqual(STEP * 1.5);
    expect(sorted[Math.floor(sorted.length * 0.8)]).toBeLessThanOrEqual(STEP * 3);
    expect(
      await page
        .locator('gh-live-tile')
        .getByRole('img', { name: /Ada, distance 0\.30/ })
        .count(),
    ).toBe(1);
  });

  it.each([
    ['forward', 3600],
    ['back', -3600],
  ])('goes on where the camera’s clock jumps %s by an hour, its boxes in step', async (_, seconds) => {
    const page = await open('h264', fedRtspSource);
    await playing(page, true);
    await page.waitForTimeout(1500);
    // The page itself notes when it shows a picture: asking it takes too long on a busy machine.
    const shown = await page.locator('gh-live-tile').evaluateHandle((tile) => {
      const element = tile.shadowRoot!.querySelector('video')!;
      const moments = [performance.now()];
      const note = () => {
        moments.push(performance.now());
        element.requestVideoFrameCallback(note);
      };
      element.requestVideoFrameCallback(note);
      return moments;
    });
    const before = await look(page);
    camera.jumpClock(seconds);
    const jumped = performance.now();
    const seen: (Awaited<ReturnType<typeof look>> & { at: number })[] = [];
    const later = () => seen.filter(({ at }) => at > 2000);
    // As many looks as a busy machine comes to in its time.
    while (later().length < 25 && performance.now() - jumped < 20_000) {
      seen.push({ ...(await look(page)), at: performance.now() - jumped });
      await page.waitForTimeout(70);
    }
    const still = await shown.evaluate((moments) =>
      [...moments, performance.now()].slice(1).map((at, n) => at - moments[n]),
    );
    expect(Math.max(...still)).toBeLessThan(2000);
    const [first, last] = [later()[0], later().at(-1)!];
    expect(last.behind).toBeLessThan(1);
    // Neither is an hour leapt over nor does time stand still.
    expect(Math.abs(last.time - before.time - last.at / 1000)).toBeLessThan(2);
    expect(Math.abs(last.time - first.time - (last.at - first.at) / 1000)).toBeLessThan(1);
    const off = later()
      .filter(({ square, box }) => square !== null && box !== null)
      .map(({ square, box }) => Math.abs(square! - box!))
      .sort((a, b) => a - b);
    expect(off.length).toBeGreaterThan(15);
    expect(off[Math.floor(off.length * 0.5)]).toBeLessThanOrEqual(STEP * 1.5);
    expect(off[Math.floor(off.length * 0.8)]).toBeLessThanOrEqual(STEP * 3);
    await playing(page, true, 3000);
  });

  it('is played again after the camera was away', async () => {
    const page = await open('h264');
    await playing(page, true);
    await camera.close();
    await playing(page, false);
    await camera.open();
    await playing(page, true, 20_000);
    const before = await look(page);
    await page.waitForTimeout(1000);
    expect((await look(page)).time).toBeGreaterThan(before.time);
  });

  it('stays JPEG where the browser does not play the codec', async () => {
    const page = await open('h265');
    await page
      .locator('gh-live-tile')
      .getByRole('img', { name: /Ada, distance 0\.30/ })
      .waitFor();
    const supported = await page.evaluate(() =>
      MediaSource.isTypeSupported('video/mp4; codecs="hev1.1.6.L63.90"'),
    );
    expect(supported).toBe(false);
    const before = await look(page);
    await page.waitForTimeout(1500);
    const after = await look(page);
    expect(after.square).not.toBeNull();
    expect(after.square).not.toBe(before.square);
    expect(Math.abs(after.square! - after.box!)).toBeLessThanOrEqual(STEP);
    // A video that is of no use is not sent on.
    expect(video.watchers).toBe(0);
    expect(watching).toEqual(['pictures', 'video']);
    await playing(page, false);
  });

  it('falls back to JPEG where the browser fails at the video', async () => {
    const page = await open('h264');
    await playing(page, true);
    // A fragment that is none: the decoder gives up, the desk does not.
    const sink = video.sink('door');
    sink.fragment({
      bytes: Buffer.alloc(500, 0xee),
      keyframe: true,
      decodeTimeMs: 0,
      compositionMs: 0,
      durationMs: 40,
      sampleBytes: 492,
    });
    await playing(page, false);
    await expect.poll(() => watching.at(-1)).toBe('pictures');
    const before = await look(page);
    await page.waitForTimeout(1000);
    expect((await look(page)).square).not.toBe(before.square);
    expect(video.watchers).toBe(0);
  });
});
