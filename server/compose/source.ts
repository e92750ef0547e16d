import type { Clock } from '../base/clock.js';
import type { GatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Ffmpeg } from '../cameras/find-ffmpeg.js';
import type { Source } from '../cameras/source.js';
import type { DecodingLoad } from '../cameras/attention/decoding-load.js';
import { attentiveSource } from '../cameras/attention/attentive-source.js';
import { demoSource } from '../cameras/sources/demo.js';
import { fileSource } from '../cameras/sources/file.js';
import { httpSource } from '../cameras/sources/http.js';
import { rtspSource } from '../cameras/sources/rtsp.js';
import type { FfmpegTools } from '../cameras/sources/run-ffmpeg.js';
import { webcamSource } from '../cameras/sources/webcam.js';
import type { CameraConfig } from '../config.js';
import { prepareScene } from '../demo/prepare-scene.js';
import { watchNotableMotion } from '../frames/notable-motion.js';
import type { ComposedHardware } from './hardware.js';

export interface SourceTools {
  ffmpeg: Ffmpeg;
  clock: Clock;
  /** Where the demo's drawn scenes are kept. */
  demoFolder: string;
  log: Log;
  /** Aborted when everything stops. */
  signal: AbortSignal;
  /** How each camera's video is decoded; left out: by software. */
  hardware?: ComposedHardware;
  /** Of all cameras together. */
  load: DecodingLoad;
}

/** The source that a camera's configuration asks for. Nothing is started. */
export function composeSource(camera: CameraConfig, shared: SourceTools): Source {
  const wish = { ...camera.size, fps: camera.fps };
  const { source } = camera;
  const log = shared.log.child({ camera: camera.id });
  let said = '';
  const { ffmpeg, clock, demoFolder, signal, hardware, load } = shared;
  const tools = {
    ffmpeg,
    clock,
    demoFolder,
    signal,
    ...(hardware ? { hardware: hardware.of(camera) } : {}),
    noVideo: ({ code, message }: GatehouseError) => {
      // Each time that the camera is connected anew it is so again; once is enough.
      if (message !== said) log.info({ code }, message);
      said = message;
    },
  };
  switch (source.kind) {
    case 'rtsp':
      return composeAttention(
        camera,
        (pictures) => rtspSource({ ...wish, ...source, pictures }, tools),
        { ...tools, load },
        log,
      );
    case 'webcam':
      return webcamSource({ ...wish, ...source }, tools);
    case 'file':
      return fileSource({ ...wish, ...source }, tools);
    case 'http':
      return httpSource({ ...wish, ...source }, tools);
    case 'demo': {
      return demoSource(
        wish,
        () =>
          prepareScene(source.scene, {
            folder: tools.demoFolder,
            ffmpeg: tools.ffmpeg,
            signal: tools.signal,
            progress: (share) => log.debug({ share }, 'drawing the scene'),
            log,
          }),
        tools,
      );
    }
  }
}

/**
 * A camera is quiet while nothing happens, unless its configuration says no. Then, too, its video is copied and fed to a decoder: one
 * that cannot keep up is fed less, and is not late.
 */
function composeAttention(
  { attention, areas, size, fps }: CameraConfig,
  sourceOf: (pictures: 'all' | 'none') => Source,
  { load, ...tools }: FfmpegTools & { load: DecodingLoad },
  log: Log,
): Source {
  const isOff = attention.mode === 'off';
  const watchMotion = isOff ? () => ({ since: () => null }) : () => watchNotableMotion(areas.masks);
  const refused = (why: string) => log.info({ why }, 'this camera is never quiet');
  const options = {
    ...{ ...size, fps, watchMotion, load },
    ...(isOff ? { quietMs: Infinity } : { quietMs: attention.quietSeconds * 1000, refused }),
  };
  const source = attentiveSource(options, { copied: sourceOf('none'), all: sourceOf('all') }, tools);
  if (!isOff) return source;
  return {
    get undecoded() {
      return source.undecoded;
    },
    run: (...how) => source.run(...how),
  };
}
