import type { Pose } from './portrait.js';
import { HEAD_HEIGHT } from './drawing/traits.js';
import { type Appearance } from './scene.js';
import { sceneFormat } from './scene-format.js';

/** Where a person is at one moment, and how they hold themselves. */
export interface Standing {
  /** Point between the eyes, pixels of the picture. */
  x: number;
  y: number;
  /** Height of the face, pixels. */
  size: number;
  pose: Omit<Pose, 'size' | 'light'>;
}

/** Height of the horizon in the picture, and how far below the camera's height the eyes pass, mm. */
const HORIZON = 105;
const EYES_BELOW_CAMERA = 190;
/** Where the door in the back wall stands, and how tall a face is there. */
export const BACK_DOOR = { x: 0.5, size: 36 } as const;

/** Degrees by which a face is turned while its owner walks sideways. */
const WALKING_YAW = 27;

/** Where somebody is `time` seconds after the loop's start; null while they are not in view. */
export function standingAt(way: Appearance, time: number): Standing | null {
  const { walkIn, stay, walkOut } = way;
  const here = time - way.at;
  if (here < 0 || here > walkIn + stay + walkOut) return null;
  const home = way.x * sceneFormat.width;
  const outside = (way.size / HEAD_HEIGHT) * 200;
  const side = (from: 'left' | 'right') => (from === 'left' ? -outside : sceneFormat.width + outside);

  const rest = restingPose(way, here - walkIn);
  if (here < walkIn) {
    const done = here / walkIn;
    const arrived = ramp(done, 0.62, 1);
    const step = steps(way, here, 1 - arrived);
    if (way.from === 'door') {
      // Walking pace is even in depth, and depth is the reciprocal of the size.
      const depth = 1 - ease(done);
      const size = 1 / (1 / way.size + depth * (1 / BACK_DOOR.size - 1 / way.size));
      const share = (1 / size - 1 / way.size) / (1 / BACK_DOOR.size - 1 / way.size);
      const distance = size / BACK_DOOR.size;
      const doorX = BACK_DOOR.x * sceneFormat.width;
      const x = doorX + ((home - doorX) * (1 - share) * distance * BACK_DOOR.size) / way.size;
      return place(x, size, blend({ ...rest, yaw: 0, pitch: 3 }, rest, arrived), step);
    }
    const from = side(way.from);
    const towards = way.from === 'left' ? 1 : -1;
    const walking = { ...rest, yaw: WALKING_YAW * towards, pitch: 1, smile: 0 };
    return place(from + (home - from) * ease(done), way.size, blend(walking, rest, arrived), step);
  }
  if (here < walkIn + stay) return place(home, way.size, rest, still);
  const done = (here - walkIn - stay) / walkOut;
  const turned = ramp(done, 0, 0.25);
  const towards = way.leave === 'left' ? -1 : 1;
  const walking = { ...rest, yaw: (WALKING_YAW + 6) * towards, pitch: 1, smile: 0.1 };
  const to = side(way.leave);
  return place(
    home + (to - home) * done ** 1.6,
    way.size,
    blend(rest, walking, turned),
    steps(way, here, turned),
  );
}

type Held = Standing['pose'];

/** Small movements of a head that waits: it looks about a little, blinks, nods and smiles once greeted. */
function restingPose(way: Appearance, since: number): Held {
  const own = (way.person.length * 1.7 + way.at * 0.61) % 6.28;
  const wave = (period: number, phase = 0) => Math.sin((since / period) * 2 * Math.PI + own + phase);
  const greeted = ramp(since, 1.3, 2) * (1 - ramp(since, way.stay - 1.2, way.stay - 0.4));
  const glance = Math.max(0, wave(5.3, 1) - 0.55) * 22;
  const blinkAt = (((since + own) % 2.9) + 2.9) % 2.9;
  return {
    yaw: wave(4.1) * 6 + (way.from === 'left' ? glance : -glance),
    pitch: wave(3.3, 2) * 2.5 + 1,
    roll: wave(4.7, 4) * 2.5,
    smile: 0.15 + 0.65 * greeted,
    blink: blinkAt < 0.1 ? 1 : blinkAt < 0.2 ? 0.5 : 0,
    stride: 0,
  };
}

interface Step {
  rise: number;
  stride: number;
}

const still: Step = { rise: 0, stride: 0 };

/** Two steps a second; the head rises a little on each. */
function steps(way: Appearance, time: number, weight: number): Step {
  const beat = Math.sin(time * 2 * Math.PI + way.at);
  return { rise: Math.abs(beat) * 22 * weight, stride: beat * weight };
}

function place(x: number, size: number, pose: Held, { rise, stride }: Step): Standing {
  const scale = size / HEAD_HEIGHT;
  return { x, y: HORIZON + (EYES_BELOW_CAMERA - rise) * scale, size, pose: { ...pose, stride } };
}

function blend(from: Held, to: Held, share: number): Held {
  const between = (key: keyof Held) => from[key] + (to[key] - from[key]) * share;
  return {
    yaw: between('yaw'),
    pitch: between('pitch'),
    roll: between('roll'),
    smile: between('smile'),
    blink: to.blink,
    stride: 0,
  };
}

/** 0 up to `from`, 1 beyond `to`, and smooth between. */
function ramp(value: number, from: number, to: number): number {
  const share = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

/** Sets off at full pace, since one is already walking, and slows down to stand. */
const ease = (share: number) => 1 - (1 - share) ** 1.6;
