import { Subject, type Observable } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { frameBytes, newFrame, type Frame, type FrameSink, type WritableFrame } from './frame.js';

/** A frame that nobody has taken yet, and the buffer it lies in. */
type Published = Pick<Frame, 'sequence' | 'capturedAt' | 'arrivedAt' | 'isFirst'> & {
  picture: WritableFrame;
};

/**
 * One camera's single slot: the freshest frame wins, older ones are lost and counted. Three shared buffers
 * go round (being written, latest, held by the engine), so the camera never waits for the engine, the engine
 * never sees a frame change under its hands, and memory never grows. The camera's one frame in flight keeps
 * its frames in order.
 */
export class FreshestFrame implements FrameSink {
  readonly camera: string;
  readonly width: number;
  readonly height: number;
  #writing: WritableFrame;
  readonly #free: WritableFrame[];
  #latest: Published | null = null;
  #held: Frame | null = null;
  #passedOverSince: number | null = null;
  #waitingSince: number | null = null;
  #sequence = 0;
  #dropped = 0;
  readonly #clock: Clock;
  readonly #ready = new Subject<void>();

  constructor(camera: string, size: { width: number; height: number }, clock: Clock) {
    this.camera = camera;
    this.width = size.width;
    this.height = size.height;
    this.#clock = clock;
    const bytes = frameBytes(size);
    const buffer = () => newFrame(size, new Uint8Array(new SharedArrayBuffer(bytes)));
    this.#writing = buffer();
    this.#free = [buffer(), buffer()];
  }

  /** Emits whenever there may be a frame to take: one arrived, or the held one was given back. */
  get ready(): Observable<void> {
    return this.#ready;
  }

  get writing(): WritableFrame {
    return this.#writing;
  }

  /** Frames that arrived since start. */
  get arrived(): number {
    return this.#sequence;
  }

  /** Frames that a fresher one overtook before the engine came. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether the engine has a frame of this camera in its hands. */
  get held(): boolean {
    return this.#held !== null;
  }

  /** Whether this very frame is the one in its hands: not one of an earlier slot of the same camera. */
  holds(frame: Frame): boolean {
    return this.#held === frame;
  }

  /**
   * Since when the camera waits for the engine (monotonic ms): since there was a frame to take and none in the engine's
   * hands. null where nothing can be taken. Not when the freshest frame arrived: a camera with many frames a second
   * always has a young one, and would always come last.
   */
  get waitingSince(): number | null {
    return this.#waitingSince;
  }

  /** When the first frame arrived that the engine has not come to (monotonic ms); it may be overtaken by now. */
  get passedOverSince(): number | null {
    return this.#passedOverSince;
  }

  /** Whether a frame waits to be taken. */
  get isWaiting(): boolean {
    return this.#latest !== null;
  }

  publish(arrivedAt = this.#clock.monotonic(), isFirst = false): void {
    this.#sequence += 1;
    const full = this.#writing;
    if (this.#latest) {
      this.#dropped += 1;
      this.#free.push(this.#latest.picture);
    }
    // Three buffers: one was just filled and at most one is held, so one is always free here.
    this.#writing = this.#free.pop()!;
    // Of the picture that lay there before.
    this.#writing.grid = null;
    this.#latest = {
      picture: full,
      sequence: this.#sequence,
      capturedAt: this.#clock.wall() - (this.#clock.monotonic() - arrivedAt),
      arrivedAt,
      isFirst: isFirst || (this.#latest?.isFirst ?? false),
    };
    this.#passedOverSince ??= this.#latest.arrivedAt;
    if (this.#held) return;
    this.#waitingSince ??= this.#latest.arrivedAt;
    this.#ready.next();
  }

  /** The freshest frame, to be given back with `release`; null while one is held or none has arrived. */
  take(): Frame | null {
    const latest = this.#latest;
    if (this.#held || !latest) return null;
    this.#latest = null;
    this.#passedOverSince = this.#waitingSince = null;
    const { picture, ...when } = latest;
    let released = false;
    this.#held = {
      camera: this.camera,
      ...picture,
      ...when,
      release: () => {
        if (released) return;
        released = true;
        this.#giveBack(picture);
      },
    };
    return this.#held;
  }

  #giveBack(picture: WritableFrame): void {
    this.#free.push(picture);
    this.#held = null;
    if (!this.#latest) return;
    this.#waitingSince = this.#clock.monotonic();
    this.#ready.next();
  }
}
