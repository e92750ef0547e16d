/** What has to be known of a camera's own video before its fragments: the head of a fragmented MP4. */
export interface VideoInit {
  /** `ftyp` and `moov`, as a browser's MediaSource and `ffmpeg -f mp4` take them. */
  readonly bytes: Uint8Array;
  /** RFC 6381: "avc1.640028", "hev1.1.6.L93.90". */
  readonly codec: string;
  /** What a decoder has to know before the first picture: the AVC or HEVC configuration record (ISO/IEC 14496-15). */
  readonly record: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** One picture of a camera's own video: `moof` and `mdat`. The picture is untouched; its times, freed of the jumps of the camera's clock, only go forward. */
export interface VideoFragment {
  readonly bytes: Uint8Array;
  /** Whether decoding can begin here. */
  readonly keyframe: boolean;
  /** When it is decoded on the video's own clock, ms from its beginning. */
  readonly decodeTimeMs: number;
  /** It is shown this much later than it is decoded, ms; 0 unless the camera reorders pictures. */
  readonly compositionMs: number;
  readonly durationMs: number;
  /** Size of the encoded picture alone, the end of `bytes`: it grows where much moves. */
  readonly sampleBytes: number;
}

/** Where a source puts the video that it copies beside the frames. It never waits and is never paused. */
export interface VideoSink {
  /** A video begins, or begins anew: what comes from now on belongs to this head. */
  start(init: VideoInit): void;
  fragment(fragment: VideoFragment): void;
  /** The video is over: the camera is lost, or what comes cannot be read. */
  end(): void;
}
