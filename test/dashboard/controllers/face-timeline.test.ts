import { describe, expect, it } from 'vitest';
import { FaceTimeline } from '../../../dashboard/controllers/face-timeline.js';
import type { LiveFace, LiveHeader } from '../../../server/events/live.js';

const BASE = Date.UTC(2030, 0, 1);

function face(x: number, visit: string | null = 'v-1'): LiveFace {
  const box = { x, y: 10, width: 50, height: 60 };
  return {
    visit,
    box,
    score: 1,
    status: 'pending',
    person: null,
    distance: null,
    threshold: 0.5,
    problem: null,
  };
}

/** A frame that arrived `at` ms after the beginning. */
function frame(at: number, ...faces: LiveFace[]): LiveHeader {
  const size = { width: 640, height: 360 };
  const when = new Date(BASE + at).toISOString();
  return { camera: 'door', sequence: at, at: when, frame: size, faces, latencyMs: 70 };
}

/** Pictures every 40 ms that arrive 1,000 ms after their time on the video's clock. */
function timeline(pictures = 50): FaceTimeline {
  const line = new FaceTimeline();
  for (let each = 0; each < pictures; each += 1) line.addPicture(each * 40, BASE + 1000 + each * 40);
  return line;
}

const x = (header: LiveHeader | null) => header?.faces.map(({ box }) => Math.round(box.x));

describe('the faces of a video', () => {
  it('are those of the frame that was made of the picture', () => {
    const line = timeline();
    // Made of the picture at 400 ms, and 15 ms later decoded.
    line.addFrame(frame(1415, face(100)));
    expect(x(line.at(400))).toEqual([100]);
    expect(line.at(360)).toBeNull();
  });

  it('are led from one frame to the next', () => {
    const line = timeline();
    line.addFrame(frame(1415, face(100), face(300, null)));
    line.addFrame(frame(1535, face(130), face(600, null)));
    expect([400, 440, 480, 520].map((time) => x(line.at(time)))).toEqual([
      [100, 300],
      [110, 300],
      [120, 300],
      [130, 600],
    ]);
  });

  it('are led on after the newest frame as they went before it, no further than frames are apart', () => {
    const line = timeline();
    line.addFrame(frame(1415, face(100), face(300, null)));
    line.addFrame(frame(1535, face(130), face(600, null)));
    expect([560, 600, 640, 680, 720].map((time) => x(line.at(time)))).toEqual([
      [140, 600],
      [150, 600],
      [160, 600],
      [160, 600],
      [160, 600],
    ]);
  });

  it('are carried on for a second without word, and no longer', () => {
    const line = timeline(100);
    line.addFrame(frame(1415, face(100)));
    expect(x(line.at(1400))).toEqual([100]);
    expect(line.at(1440)).toBeNull();
    line.addFrame(frame(3415, face(200)));
    expect(x(line.at(1000))).toEqual([100]);
    expect(line.at(1600)).toBeNull();
    expect(x(line.at(2400))).toEqual([200]);
  });

  it('hold where a frame is read a little before its picture', () => {
    const line = timeline();
    line.addFrame(frame(1395, face(100)));
    line.addFrame(frame(1515, face(130)));
    expect(x(line.at(400))).toEqual([100]);
  });

  it('are none of another video, and its clock begins anew', () => {
    const line = timeline();
    line.addFrame(frame(1415, face(100)));
    line.forgetPictures();
    line.addPicture(0, BASE + 9000);
    expect(line.at(0)).toBeNull();
    line.addFrame(frame(9010, face(7)));
    expect(x(line.at(0))).toEqual([7]);
  });

  it('are kept for seconds, not for ever', () => {
    const line = new FaceTimeline();
    for (let each = 0; each < 20_000; each += 1) {
      line.addPicture(each * 40, BASE + each * 40);
      if (each % 3 === 0) line.addFrame(frame(each * 40 + 10, face(each)));
    }
    expect(line.kept).toBeLessThan(1000);
  });
});
