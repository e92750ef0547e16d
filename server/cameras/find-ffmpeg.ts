import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { GatehouseError } from '../base/errors.js';

/**
 * How an ffmpeg wants to be spoken to. Builds before 5.0 are `old`: their RTSP option `timeout` means LISTEN,
 * and `stimeout` is the timeout; frames pass through with `-vsync 0` instead of `-fps_mode passthrough`.
 */
export type FfmpegDialect = 'old' | 'new';
export type FfmpegOrigin = 'FFMPEG_PATH' | 'system' | 'package';

/** The ffmpeg that is used, and why not another. */
export interface Ffmpeg {
  readonly path: string;
  /** As it names itself: "5.1.9-0+deb12u1", "N-47683-g0e8eb07980". */
  readonly version: string;
  readonly origin: FfmpegOrigin;
  readonly dialect: FfmpegDialect;
  /** The places looked in before, in order, each with the reason why its ffmpeg was not taken. */
  readonly passedOver: readonly { origin: FfmpegOrigin; path: string | null; reason: string }[];
}

/** What the search depends on; all of it is handed in by tests. */
export interface FfmpegSearch {
  env?: Readonly<Record<string, string | undefined>>;
  platform?: NodeJS.Platform;
  /** Path of the ffmpeg that came with the npm package; throws or gives null where there is none. */
  packaged?: () => string | null;
}

const run = promisify(execFile);
const QUESTION_MS = 10_000;

/**
 * Looks in FFMPEG_PATH, on the PATH, and in the npm package, in that order, and takes the first that runs.
 *
 * A FFMPEG_PATH that does not run is an error at once: whoever set it wants that one.
 * @throws GatehouseError FFMPEG_BROKEN, FFMPEG_NOT_FOUND
 */
export async function findFfmpeg(search: FfmpegSearch = {}): Promise<Ffmpeg> {
  const { env = process.env, platform = process.platform, packaged = packagedFfmpeg } = search;
  const passedOver: { origin: FfmpegOrigin; path: string | null; reason: string }[] = [];
  const take = async (origin: FfmpegOrigin, path: string): Promise<Ffmpeg | null> => {
    try {
      return { path, origin, ...(await ask(path)), passedOver };
    } catch (error) {
      passedOver.push({ origin, path, reason: `it does not run: ${sayWhy(error)}` });
      return null;
    }
  };

  const named = env['FFMPEG_PATH'];
  if (named) {
    const found = await take('FFMPEG_PATH', named);
    if (found) return found;
    throw new GatehouseError(
      'FFMPEG_BROKEN',
      `FFMPEG_PATH names ${named}, but ${passedOver[0].reason}.`,
      'Let FFMPEG_PATH name an ffmpeg that runs on this machine, or unset it to use another.',
    );
  }
  passedOver.push({ origin: 'FFMPEG_PATH', path: null, reason: 'not set' });

  const onPath = await lookOnPath(env, platform);
  if (onPath) {
    const found = await take('system', onPath);
    if (found) return found;
  } else passedOver.push({ origin: 'system', path: null, reason: 'no ffmpeg on the PATH' });

  let shipped: string | null = null;
  let why = `no build for ${platform}-${process.arch}`;
  try {
    shipped = packaged();
  } catch (error) {
    why = sayWhy(error);
  }
  if (shipped === null) passedOver.push({ origin: 'package', path: null, reason: why });
  else {
    await allowToRun(shipped);
    const found = await take('package', shipped);
    if (found) return found;
  }

  const broken = passedOver.some(({ path }) => path !== null);
  throw new GatehouseError(
    broken ? 'FFMPEG_BROKEN' : 'FFMPEG_NOT_FOUND',
    `No ffmpeg that runs was found. ${passedOver.map(({ origin, path, reason }) => `${origin}: ${path ? `${path}: ` : ''}${reason}`).join('; ')}.`,
    'Install ffmpeg (for example `apt-get install ffmpeg`), or let FFMPEG_PATH name one.',
  );
}

/** Asks an ffmpeg for its version and whether its RTSP reader still knows `stimeout`. */
async function ask(path: string): Promise<{ version: string; dialect: FfmpegDialect }> {
  const options = { timeout: QUESTION_MS, windowsHide: true, maxBuffer: 4 << 20 };
  const [banner, rtsp] = await Promise.all([
    run(path, ['-version'], options),
    run(path, ['-hide_banner', '-h', 'demuxer=rtsp'], options),
  ]);
  const version = /^ffmpeg version (\S+)/m.exec(banner.stdout)?.[1];
  if (version === undefined) throw new Error('it does not call itself ffmpeg');
  if (!rtsp.stdout.includes('rtsp_transport')) throw new Error('it was built without RTSP');
  return { version, dialect: rtsp.stdout.includes('stimeout') ? 'old' : 'new' };
}

async function lookOnPath(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<string | null> {
  // Windows spells it "Path", and process.env alone hides that.
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH');
  const folders = (key === undefined ? undefined : env[key])?.split(delimiter) ?? [];
  for (const folder of folders) {
    if (folder === '') continue;
    const path = join(folder, platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg');
    if (await access(path, constants.X_OK).then(yes, no)) return path;
  }
  return null;
}

const yes = () => true;
const no = () => false;

function packagedFfmpeg(): string | null {
  const require = createRequire(import.meta.url);
  return (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;
}

/** The package's install script sets the executable bit; package managers that run no scripts leave it off. */
async function allowToRun(path: string): Promise<void> {
  if (await access(path, constants.X_OK).then(yes, no)) return;
  // Where this may not be done, running it fails next, and that says why.
  await chmod(path, 0o755).catch(() => undefined);
}

function sayWhy(error: unknown): string {
  const failure = error as { code?: unknown; killed?: boolean; stderr?: string; message?: string };
  if (failure.code === 'ENOENT') return 'no such file';
  if (failure.code === 'EACCES') return 'not executable';
  if (failure.killed === true) return `no answer within ${QUESTION_MS / 1000} s`;
  const said = failure.stderr?.trim().split('\n').at(-1);
  return (said !== undefined && said !== '' ? said : (failure.message ?? String(error))).split('\n')[0];
}
