import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import type { GatehouseEvent, PersonEvent, VisitRecognised } from '../../server/events/event.js';
import { takeApart } from '../fixtures/clip.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { productFolder, startProduct, type FeedClient, type Product } from '../fixtures/product.js';
import { RtspCamera } from '../fixtures/rtsp-camera.js';

const videos = resolve(import.meta.dirname, '../../../shared/data/faces/videos');
const missing = !existsSync(videos);

/** A video file as an RTSP camera, which plays it `speed` times as fast as it was taken. */
async function cameraOf(ffmpeg: string, file: string, fps: number, speed = 1): Promise<RtspCamera> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-video-'));
  const stream = join(folder, 'stream.h264');
  execFileSync(
    ffmpeg,
    [
      ...[
        '-y',
        '-loglevel',
        'error',
        '-i',
        join(videos, file),
        '-an',
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
      ],
      ...[
        '-crf',
        '16',
        '-bf',
        '0',
        '-g',
        '25',
        '-pix_fmt',
        'yuv420p',
        '-r',
        String(fps),
        '-f',
        'h264',
        stream,
      ],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const clip = { ...takeApart(readFileSync(stream), 'h264'), fps: fps * speed };
  rmSync(folder, { recursive: true });
  return new RtspCamera({ clip }).open();
}

describe.skipIf(missing)(
  `real people over RTSP${missing ? ' (skipped: ../shared is not there)' : ''}`,
  () => {
    const cameras: RtspCamera[] = [];
    let place: Awaited<ReturnType<typeof productFolder>>;
    let product: Product;
    let feed: FeedClient;

    beforeAll(async () => {
      const { path: ffmpeg } = await findFfmpeg();
      cameras.push(await cameraOf(ffmpeg, 'head-pose-face-detection-female-and-male.mp4', 12));
      // All 139 s of it in 35.
      cameras.push(await cameraOf(ffmpeg, 'one-by-one-person-detection.mp4', 10, 4));
      place = await productFolder({
        cameras: ['both', 'from-behind'].map((id, index) => ({
          id,
          source: { kind: 'rtsp', url: cameras[index].url },
          greeting: false,
        })),
      });
      for (const who of ['female', 'male']) {
        const video = join(videos, `head-pose-face-detection-${who}.mp4`);
        const still = join(place.people, `${who}.png`);
        execFileSync(ffmpeg, ['-y', '-loglevel', 'error', '-i', video, '-frames:v', '1', still]);
      }
      await knowEngines(place.data);
      product = await startProduct(place);
      feed = await product.feed(0);
    }, 120_000);

    afterAll(async () => {
      await product.stop();
      for (const camera of cameras) await camera.close();
      await place.remove();
    });

    test('one still each is enough to enrol them', async () => {
      expect(await (await product.get('/api/people/problems')).json()).toEqual([]);
      const enrolled = (who: string) => (event: object) =>
        'type' in event && event.type === 'person.enrolled' && (event as PersonEvent).person.id === who;
      await Promise.all(['female', 'male'].map((who) => feed.until(enrolled(who), 30_000)));
    });

    test('both are named, and nobody else; of the people seen from behind, nobody', async () => {
      const named = (who: string) => (event: object) =>
        'type' in event && event.type === 'visit.recognised' && (event as VisitRecognised).person.id === who;
      await Promise.all(['female', 'male'].map((who) => feed.until(named(who), 30_000)));
      // From then on for as long as the clip of people from behind lasts.
      await new Promise((resolve) => setTimeout(resolve, 38_000));
      const verdicts = feed.events().filter((event) => event.type === 'visit.recognised');
      for (const event of verdicts) {
        const others = event.candidates.map(({ person, distance }) => `${person.id} ${distance.toFixed(3)}`);
        console.log(
          `${event.camera}: ${event.person.id} (threshold ${event.threshold}): ${others.join(', ')}`,
        );
      }
      console.log(
        `unknown: ${unknowns(feed.events())}; cameras: ${JSON.stringify((await product.health()).cameras)}`,
      );
      expect(verdicts.filter((event) => event.camera === 'from-behind')).toEqual([]);
      for (const event of verdicts) {
        // She sits on the left, he on the right.
        const left = event.box.x + event.box.width / 2 < event.frame.width / 2;
        expect(event.person.id).toBe(left ? 'female' : 'male');
        expect(event.distance).toBeLessThanOrEqual(event.threshold);
      }
    });
  },
);

function unknowns(events: GatehouseEvent[]): string {
  return (
    events
      .filter((event) => event.type === 'visit.unknown')
      .map((event) => `${event.camera} ${event.distance?.toFixed(3)}`)
      .join(', ') || 'none'
  );
}
