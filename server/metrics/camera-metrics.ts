import { cameraStates, type CameraState } from '../events/event.js';
import type { Instruments, Reading } from './instruments.js';

/** One camera as the metrics see it. */
export interface CameraReadings {
  readonly id: string;
  readonly state: CameraState;
  /** Frames a second, over the last seconds. */
  readonly fps: number;
  /** Frames that arrived, since the camera was configured. */
  readonly arrived: number;
  /** Frames that a fresher one overtook before the engine came. */
  readonly overtaken: number;
  /** Frames that something failed on. */
  readonly losses: readonly { where: string; code: string; frames: number }[];
  /** Since when the camera waits for the engine, monotonic ms; null: it does not. */
  readonly waitingSince: number | null;
  /** How often its source was started again, by the code of the fault that ended it. */
  readonly restarts: ReadonlyMap<string, number>;
  /** Pictures of its video that were wanted and left out, for decoding was behind. */
  readonly undecoded: number;
  /** How attentive its source is; null where it is always awake. */
  readonly attention: {
    readonly state: 'quiet' | 'awake' | null;
    readonly wakes: Readonly<Record<string, number>>;
    readonly awakeSeconds: number;
  } | null;
}

/**
 * What the cameras deliver and lose.
 *
 * @param cameras those there are now
 * @param now monotonic ms
 */
export function cameraMetrics(
  instruments: Instruments,
  cameras: () => readonly CameraReadings[],
  now: () => number,
): void {
  const each = (value: (camera: CameraReadings) => number) => (): Reading[] =>
    cameras().map((camera) => [{ camera: camera.id }, value(camera)]);

  instruments.readGauge('camera_state', '1 for the state that a camera is in', ['camera', 'state'], () =>
    cameras().flatMap(({ id, state }) =>
      cameraStates.map((each): Reading => [{ camera: id, state: each }, each === state ? 1 : 0]),
    ),
  );
  instruments.readGauge(
    'camera_frames_per_second',
    'Frames that arrive a second, over the last seconds',
    ['camera'],
    each(({ fps }) => fps),
  );
  instruments.readCounter(
    'camera_restarts_total',
    'Times that a camera was lost and is started again, by the code of why',
    ['camera', 'code'],
    () =>
      cameras().flatMap(({ id, restarts }) =>
        [...restarts].map(([code, count]): Reading => [{ camera: id, code }, count]),
      ),
  );
  instruments.readGauge(
    'camera_awake',
    '0 while only the key pictures of a quiet camera are decoded, 1 while all are',
    ['camera'],
    each(({ attention }) => (attention?.state === 'quiet' ? 0 : 1)),
  );
  instruments.readCounter('camera_wakes_total', 'Times that a quiet camera woke', ['camera', 'cause'], () =>
    cameras().flatMap(({ id, attention }) =>
      Object.entries(attention?.wakes ?? {}).map(([cause, count]): Reading => [{ camera: id, cause }, count]),
    ),
  );
  instruments.readCounter(
    'camera_awake_seconds_total',
    'How long cameras that can be quiet were awake',
    ['camera'],
    () =>
      cameras().flatMap(({ id, attention }): Reading[] =>
        attention ? [[{ camera: id }, attention.awakeSeconds]] : [],
      ),
  );
  instruments.readCounter(
    'camera_pictures_left_out_total',
    'Pictures of a camera that were wanted and not decoded, for decoding was behind',
    ['camera'],
    each(({ undecoded }) => undecoded),
  );
  instruments.readCounter(
    'frames_received_total',
    'Frames that arrived',
    ['camera'],
    each(({ arrived }) => arrived),
  );
  instruments.readCounter(
    'frames_dropped_total',
    'Frames that were not recognised, by where they were lost and why',
    ['camera', 'where', 'code'],
    () =>
      cameras().flatMap(({ id, overtaken, losses }): Reading[] => [
        [{ camera: id, where: 'slot', code: 'overtaken' }, overtaken],
        ...losses.map(({ where, code, frames }): Reading => [{ camera: id, where, code }, frames]),
      ]),
  );
  instruments.readGauge(
    'camera_waiting_seconds',
    'How long a camera has been waiting for recognition to take its freshest frame',
    ['camera'],
    each(({ waitingSince }) => (waitingSince === null ? 0 : (now() - waitingSince) / 1000)),
  );
}
