import { GatehouseError } from '../base/errors.js';

const HEADER_BYTES = 44;
const PCM = 1;

/**
 * A WAV file (PCM, 16 bit) with nothing but its samples and a header that is right. A synthesiser that
 * writes into a pipe does not know the length beforehand and leaves nonsense sizes in the header, with
 * which browsers refuse or misjudge the sound.
 *
 * Layout: RIFF, "Multimedia Programming Interface and Data Specifications 1.0", IBM and Microsoft, 1991.
 *
 * @throws GatehouseError SPEECH_FAILED where it is not such a file or holds no sound
 */
export function mendWav(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw broken('it is not a WAV file');
  let format: { channels: number; rate: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (name(at) === 'fmt ' && size >= 16 && body + 16 <= bytes.length) {
      format = { channels: view.getUint16(body + 2, true), rate: view.getUint32(body + 4, true) };
      if (view.getUint16(body, true) !== PCM || view.getUint16(body + 14, true) !== 16) {
        throw broken('it is not 16 bit PCM');
      }
    } else if (name(at) === 'data' && format) {
      const frame = format.channels * 2;
      const length = Math.min(size, bytes.length - body);
      const samples = bytes.subarray(body, body + length - (length % frame));
      if (samples.length === 0) throw broken('it is empty');
      return withHeader(samples, format);
    }
    // Chunks are padded to an even length.
    at = body + size + (size % 2);
  }
  throw broken('it holds no samples');
}

function withHeader(samples: Uint8Array, { channels, rate }: { channels: number; rate: number }): Uint8Array {
  const wav = new Uint8Array(HEADER_BYTES + samples.length);
  const view = new DataView(wav.buffer);
  const write = (at: number, text: string) => wav.set(new TextEncoder().encode(text), at);
  write(0, 'RIFF');
  view.setUint32(4, wav.length - 8, true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  write(36, 'data');
  view.setUint32(40, samples.length, true);
  wav.set(samples, HEADER_BYTES);
  return wav;
}

function broken(why: string): GatehouseError {
  return new GatehouseError(
    'SPEECH_FAILED',
    `The speech program's sound cannot be used: ${why}.`,
    'Run `gatehouse doctor`; it names the speech program that is used.',
  );
}
