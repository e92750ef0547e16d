import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../server/base/log.js';
import { recognitionDefaults } from '../../../server/config.js';
import { startRecogniser } from '../../../server/faces/start-recogniser.js';
import { castAt, entrance, LOOP_PICTURES, walks } from './cast.js';
import { drawBusy } from './draw-pictures.js';
import { streams } from './kinds.js';
import { placeEntrance, placeEvent } from './place-event.js';
import type { SentPicture } from './camera-server.js';

const NOW = 1_000_000;

/** What a camera sent in two and a half seconds before a picture, and that one. */
function sentUpTo(last: number): SentPicture[] {
  return Array.from({ length: 63 }, (_, index): SentPicture => {
    const picture = (last - 62 + index + LOOP_PICTURES) % LOOP_PICTURES;
    return [picture, NOW + (index - 62) * 40];
  });
}

describe('placing an event', () => {
  it('tells the picture by where the detector finds the face, to one picture', async () => {
    const recogniser = await startRecogniser({
      ...recognitionDefaults(),
      engine: 'onnx',
      workers: 1,
      modelsFolder: 'nowhere',
      log: silentLog,
    });
    try {
      const { width, height } = streams[720];
      const pictures = Array.from({ length: 24 }, (_, index) => (index * 31 + 5) % LOOP_PICTURES);
      const off: number[] = [];
      let drawn = 0;
      for await (const pixels of drawBusy(720, pictures)) {
        const last = pictures[drawn];
        drawn += 1;
        const [faces] = await recogniser.recognise([{ width, height, pixels }], { profile: 'balanced' });
        // Whoever is half out of the picture has a box of half a face; visits begin further in.
        const whole = faces.filter(({ box }) => box.x > 20 && box.x + box.width < width - 30);
        for (const { box } of whole) {
          const placed = placeEvent({ box, frame: { width, height } }, sentUpTo(last), 720);
          off.push(placed ? Math.abs(placed[1] - NOW) / 40 : Infinity);
        }
      }
      expect(off.length).toBeGreaterThan(20);
      expect(Math.max(...off)).toBeLessThanOrEqual(1);
    } finally {
      await recogniser.close();
    }
  });

  it('takes what nobody was drawn for to be no event of the clip', () => {
    const sent = sentUpTo(167);
    const box = { x: 1200, y: 200, width: 80, height: 100 };
    const there = sent.some(([picture]) => castAt(picture, 720).some(({ x }) => Math.abs(x - 1240) < 30));
    expect(there).toBe(false);
    expect(placeEvent({ box, frame: streams[720] }, sent, 720)).toBeNull();
  });

  it('knows in frames of another size than the stream', () => {
    const last = 45;
    const [{ x, y }] = castAt(last, 1080);
    const half = (value: number) => (value * 1280) / 1920;
    const box = { x: half(x) - 40, y: half(y) - 50, width: 80, height: 100 };
    expect(placeEvent({ box, frame: streams[720] }, sentUpTo(last), 1080)?.[0]).toBe(last);
  });
});

describe('an entrance', () => {
  it('is the first picture in which the whole face is inside', () => {
    for (const { person } of walks) {
      const first = entrance(person, 1080);
      const at = (picture: number) =>
        castAt((picture + LOOP_PICTURES) % LOOP_PICTURES, 1080).find(({ walk }) => walk.person === person);
      expect(at(first)!.x).toBeGreaterThanOrEqual(at(first)!.size / 2);
      expect(at(first - 1)!.x).toBeLessThan(at(first - 1)!.size / 2);
    }
  });

  it('was when its picture was last sent', () => {
    const sent: SentPicture[] = [
      [7, 10],
      [8, 50],
      [7, 900],
    ];
    expect(placeEntrance(7, sent)).toBe(900);
    expect(placeEntrance(9, sent)).toBeNull();
  });
});
