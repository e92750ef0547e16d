/** An RGB picture: `pixels` holds height x width x 3 bytes, row by row, R G B, 0..255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Which matrix made luma and chroma of red, green and blue: ITU-R BT.601, BT.709, BT.2020 or SMPTE 240M. */
export type YuvMatrix = 'bt601' | 'bt709' | 'bt2020' | 'smpte240m';

/**
 * A picture as video has it: planar YUV 4:2:0 (I420) of 8 bits, limited range. `planes` holds height x width bytes of luma Y,
 * 16 (black) to 235 (white), then chroma U (Cb) and V (Cr), each height / 2 x width / 2 bytes, 16 to 240 and 128 for grey: one of
 * each stands for 2 x 2 pixels. Row by row, without a gap. Width and height are even.
 */
export interface YuvPicture {
  readonly width: number;
  readonly height: number;
  readonly planes: Uint8Array;
  readonly matrix: YuvMatrix;
}

/**
 * How bright a picture is, coarsely, which is what motion is compared by: 36 x 64 cells, row by row, each the luma of nine pixels added
 * up, 0 to 2295 (luma-grid.ts). Never changed once it is made.
 */
export type LumaGrid = Readonly<Uint16Array>;

/** A picture whose grid whoever delivered it may have made already, of these very pixels. */
export interface GriddedPicture extends YuvPicture {
  readonly grid?: LumaGrid | null;
}

/**
 * One moment of one camera. `planes` lies in shared memory: it crosses to a worker without being copied,
 * and is only valid until `release` is called. Releasing twice is harmless.
 */
export interface Frame extends GriddedPicture {
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

/** A picture that is written again and again. */
export interface WritableFrame extends GriddedPicture {
  matrix: YuvMatrix;
  /** Said just before it is published, by whoever looked for motion in it; null, and set back to that, where nobody did. */
  grid: LumaGrid | null;
}

/** Where a source puts frames: it fills `writing` and says so. It never waits and is never paused. */
export interface FrameSink {
  readonly width: number;
  readonly height: number;
  /** The picture to fill, its matrix too. Asked for anew after each `publish`. */
  readonly writing: WritableFrame;
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

/** The same sink, but that whoever fills it publishes here. */
export function inFrontOf(sink: FrameSink, publish: FrameSink['publish']): FrameSink {
  return {
    width: sink.width,
    height: sink.height,
    get writing() {
      return sink.writing;
    },
    get isWaiting() {
      return sink.isWaiting ?? false;
    },
    publish,
  };
}

/** Bytes of the planes of one frame. */
export function frameBytes({ width, height }: { width: number; height: number }): number {
  return (width * height * 3) / 2;
}

/**
 * A frame to write into.
 *
 * @param planes frameBytes of memory; new memory unless told
 */
export function newFrame(
  size: { width: number; height: number },
  planes: Uint8Array = new Uint8Array(frameBytes(size)),
): WritableFrame {
  return { width: size.width, height: size.height, planes, matrix: 'bt601', grid: null };
}

/** A sink that lets go of whatever is put into it. Without a size there is no room in it: for sources that deliver no pictures. */
export function discardingSink(size: { width: number; height: number } = { width: 0, height: 0 }): FrameSink {
  return { width: size.width, height: size.height, writing: newFrame(size), publish: () => undefined };
}

/** Whether a picture is in planes, not in RGB. */
export function isYuv(picture: Picture | YuvPicture): picture is YuvPicture {
  return 'planes' in picture;
}
