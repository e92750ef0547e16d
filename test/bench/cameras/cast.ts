import { demoPeople } from '../../../server/demo/people.js';
import { STREAM_FPS, streams, type StreamName } from './kinds.js';

/** Length of the busy clip, seconds; who has crossed is away for long enough that their visit has ended. */
export const LOOP_SECONDS = 15;
/** Pictures of the busy clip. */
export const LOOP_PICTURES = LOOP_SECONDS * STREAM_FPS;

const CROSSING_SECONDS = 4.5;
const EVERY_SECONDS = 3;
/** The way begins and ends this far outside of the picture, share of its width. */
const OUTSIDE = 0.12;

/** Somebody who walks from the left edge to the right one, looking into the camera. */
export interface Walk {
  readonly person: string;
  /** Seconds after the loop's start. */
  readonly at: number;
  /** Height of the face, share of the picture's height. */
  readonly size: number;
}

/** One person every three seconds, so that one or two are in view at any time. */
export const walks: readonly Walk[] = demoPeople
  .slice(0, LOOP_SECONDS / EVERY_SECONDS)
  .map(({ id }, index) => ({ person: id, at: index * EVERY_SECONDS, size: 0.17 + 0.02 * (index % 3) }));

/** Somebody in view: the point between the eyes and the face's height, pixels of the stream. */
export interface Place {
  readonly walk: Walk;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Steps that were made. */
  readonly stride: number;
}

/** Who is where in a picture of the busy clip. */
export function castAt(picture: number, stream: StreamName): Place[] {
  const { width, height } = streams[stream];
  return walks.flatMap((walk) => {
    const here = (picture / STREAM_FPS - walk.at + LOOP_SECONDS) % LOOP_SECONDS;
    if (here > CROSSING_SECONDS) return [];
    const share = here / CROSSING_SECONDS;
    const stride = Math.sin(here * 2 * Math.PI);
    return [
      {
        walk,
        x: (share * (1 + 2 * OUTSIDE) - OUTSIDE) * width,
        y: (0.4 - 0.02 * Math.abs(stride)) * height,
        size: walk.size * height,
        stride,
      },
    ];
  });
}

/** Pixels of the stream that a walker comes on from one picture to the next. */
export function pixelsAPicture(stream: StreamName): number {
  return ((1 + 2 * OUTSIDE) * streams[stream].width) / (CROSSING_SECONDS * STREAM_FPS);
}

/** The first picture that shows somebody's whole face. */
export function entrance(person: string, stream: StreamName): number {
  return inWholeView(person, stream)[0];
}

/** The last picture that does. */
export function leave(person: string, stream: StreamName): number {
  return inWholeView(person, stream).at(-1)!;
}

/** The pictures that show somebody's whole face, in the order in which they are played. */
function inWholeView(person: string, stream: StreamName): number[] {
  const { width } = streams[stream];
  const start = Math.ceil(walks.find((walk) => walk.person === person)!.at * STREAM_FPS);
  return Array.from({ length: LOOP_PICTURES }, (_, index) => (start + index) % LOOP_PICTURES).filter(
    (picture) =>
      castAt(picture, stream).some(
        ({ walk, x, size }) => walk.person === person && x >= size / 2 && x <= width - size / 2,
      ),
  );
}
