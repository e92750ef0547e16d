/** An RGB picture: `pixels` holds height x width x 3 bytes, row by row, R G B, 0..255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * One moment of one camera. `pixels` lies in shared memory: it crosses to a worker without being copied,
 * and is only valid until `release` is called. Releasing twice is harmless.
 */
export interface Frame extends Picture {
  readonly camera: string;
  /** Counts up by one for every frame that arrived, from 1. */
  readonly sequence: number;
  /** Wall clock, ms since the epoch: when its last byte arrived, or, of one that was held back, when the camera sent it. */
  readonly capturedAt: number;
  /** Monotonic clock, ms: the same moment. */
  readonly arrivedAt: number;
  /** Whether it, or one that it overtook, is the first of a connection to its camera: what was seen before may be long ago. */
  readonly isFirst: boolean;
  release(): void;
}

/** Where a source puts frames: it fills `writing` and says so. It never waits and is never paused. */
export interface FrameSink {
  readonly width: number;
  readonly height: number;
  /** The buffer to fill: width x height x 3 bytes of RGB. Asked for anew after each `publish`. */
  readonly writing: Uint8Array;
  /** Whether the freshest frame has not been taken yet: one that is published now overtakes it. Left out: not known. */
  readonly isWaiting?: boolean;
  /**
   * `writing` is complete and becomes the freshest frame.
   *
   * @param arrivedAt when the camera sent it, monotonic ms, where that is not now; never before the frame before
   * @param isFirst whether it is the first of a connection to the camera
   */
  publish(arrivedAt?: number, isFirst?: boolean): void;
}

/** Bytes of one RGB frame. */
export function frameBytes(size: { width: number; height: number }): number {
  return size.width * size.height * 3;
}
