import sharp from 'sharp';
import { GatehouseError } from '../base/errors.js';
import type { Picture } from '../frames/frame.js';

/** Larger files than this are no photos of a person. */
export const MAX_PHOTO_BYTES = 64 * 1024 * 1024;
/** A small file can unfold into gigabytes of pixels; cameras stay below this. */
const MAX_PIXELS = 120_000_000;
/** The longer side is shrunk to this: detail that the detector does not look at only costs memory. */
const MAX_SIDE = 2560;

type Format = 'jpeg' | 'png' | 'webp' | 'avif' | 'heic' | null;

/**
 * A photo's bytes as an upright RGB picture: turned as its EXIF says, in sRGB, transparency on white, its
 * longer side at most 2560 px.
 *
 * What it is is told from its first bytes, not its name, so that nothing but photos reaches a decoder.
 * Rejects with PHOTO_CORRUPT (broken, cut off, empty) or PHOTO_UNREADABLE (too large, another format).
 */
export async function readPicture(bytes: Uint8Array): Promise<Picture> {
  if (bytes.length === 0) throw corrupt('the file is empty');
  if (bytes.length > MAX_PHOTO_BYTES) {
    throw unreadable(
      `the file has ${mega(bytes.length)} MB, at most ${mega(MAX_PHOTO_BYTES)} are read`,
      'Save it smaller.',
    );
  }
  const format = formatOf(bytes);
  if (format === 'heic') throw unreadable('HEIC pictures cannot be read', 'Save it as JPEG.');
  if (format === null) throw corrupt('this is no JPEG, PNG, WebP or AVIF picture');
  // `error` refuses a picture that is cut off and lets pass what every viewer shows without complaint.
  const open = () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true });
  let size: { width: number; height: number };
  try {
    const { width, height } = await open().metadata();
    size = { width, height };
  } catch (cause) {
    throw tooManyPixels(cause) ?? corrupt('the picture is damaged', cause);
  }
  if (size.width * size.height > MAX_PIXELS) throw tooManyPixels()!;
  try {
    const { data, info } = await open()
      .rotate()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = info.channels === 3 ? new Uint8Array(data) : spread(data, info.width * info.height);
    return { width: info.width, height: info.height, pixels };
  } catch (cause) {
    throw tooManyPixels(cause) ?? corrupt('the picture is damaged or cut off', cause);
  }
}

/** Grey to RGB. */
function spread(grey: Uint8Array, count: number): Uint8Array {
  const channels = grey.length / count;
  const pixels = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) pixels.fill(grey[i * channels], i * 3, i * 3 + 3);
  return pixels;
}

/** By signature: JPEG SOI, PNG, RIFF/WEBP, ISO base media brands (`avif` or those of HEIC). */
function formatOf(bytes: Uint8Array): Format {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(4, 8) !== 'ftyp') return null;
  const brands = text(8, Math.min(64, bytes.length));
  if (/avi[fs]/u.test(brands)) return 'avif';
  return /hei[cxms]|hev[cxms]|mif1|msf1/u.test(brands) ? 'heic' : null;
}

const mega = (bytes: number) => Math.round(bytes / 1024 / 1024);

function tooManyPixels(cause?: unknown): GatehouseError | null {
  if (cause !== undefined && !(cause instanceof Error && /pixel limit/iu.test(cause.message))) return null;
  return unreadable(
    `the picture has more than ${MAX_PIXELS / 1e6} million pixels`,
    'Save it smaller; 2 million pixels are plenty.',
    cause,
  );
}

function corrupt(message: string, cause?: unknown): GatehouseError {
  return new GatehouseError('PHOTO_CORRUPT', message, 'Copy the photo again, or save it anew as JPEG.', {
    cause,
  });
}

function unreadable(message: string, remedy: string, cause?: unknown): GatehouseError {
  return new GatehouseError('PHOTO_UNREADABLE', message, remedy, { cause });
}
