import { join } from 'node:path';
import { systemClock } from '../base/clock.js';
import { silentLog } from '../base/log.js';
import { findFfmpeg } from '../cameras/find-ffmpeg.js';
import { tryCamera, type Trial } from '../cameras/try-camera.js';
import { DecodingLoad } from '../cameras/attention/decoding-load.js';
import { composeSource } from '../compose/source.js';
import { cameraConfigs, type CameraConfig } from '../config.js';
import { checkNetwork } from '../config/check-network.js';
import { readConfig } from '../config/read-config.js';
import type { CommonOptions } from './options.js';

/** Longest that one camera may take to its first picture, ms; a demo scene may have to be drawn first. */
const CAMERA_MS = 20_000;
const DEMO_MS = 120_000;

/** `gatehouse check`: exit code 0 where all is well, 69 where a camera does not answer; a wrong file throws. */
export async function check(options: CommonOptions & { json?: boolean; cameras: boolean }): Promise<number> {
  const config = await readConfig(options.config, process.env);
  await checkNetwork(config, join(options.data, 'models'));
  const cameras = cameraConfigs(config);
  const say = (line: string): void => {
    if (!options.json) process.stdout.write(`${line}\n`);
  };
  say(`${options.config}: right; ${cameras.length} of ${config.cameras.length} cameras are switched on`);
  const results: (Trial & { id: string })[] = [];
  if (options.cameras) {
    const stop = new AbortController();
    const onSignal = (): void => stop.abort();
    process.once('SIGINT', onSignal);
    const tools = {
      ffmpeg: await findFfmpeg(),
      clock: systemClock,
      demoFolder: join(options.data, 'demo'),
      log: silentLog,
      signal: stop.signal,
      load: new DecodingLoad(),
    };
    // One after the other: a small machine that opens sixteen at once would blame the cameras.
    for (const [index, camera] of cameras.entries()) {
      const result = await tryOne(camera, tools);
      results.push({ id: camera.id, ...result });
      const outcome = result.ok
        ? `ok, first picture after ${result.ms} ms`
        : `${result.code}: ${result.reason}`;
      say(`[${index + 1}/${cameras.length}] ${camera.id} (${camera.source.kind}): ${outcome}`);
    }
    process.off('SIGINT', onSignal);
  }
  if (options.json)
    process.stdout.write(`${JSON.stringify({ config: options.config, cameras: results }, null, 2)}\n`);
  return results.every((result) => result.ok) ? 0 : 69;
}

function tryOne(camera: CameraConfig, tools: Parameters<typeof composeSource>[1]): Promise<Trial> {
  const within = camera.source.kind === 'demo' ? DEMO_MS : CAMERA_MS;
  return tryCamera(composeSource(camera, tools), camera.size, within, tools.clock);
}
