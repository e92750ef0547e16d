/** What a WAV file holds, read on its own terms: not with the code that is tested. */
export function readWav(wav: Uint8Array) {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const name = (at: number) => String.fromCharCode(...wav.subarray(at, at + 4));
  const bytes = view.getUint32(40, true);
  const rate = view.getUint32(24, true);
  const channels = view.getUint16(22, true);
  let squares = 0;
  for (let at = 44; at + 2 <= wav.length; at += 2) squares += (view.getInt16(at, true) / 32_768) ** 2;
  return {
    headerIsRight:
      [name(0), name(8), name(12), name(36)].join() === 'RIFF,WAVE,fmt ,data' &&
      view.getUint32(4, true) === wav.length - 8 &&
      bytes === wav.length - 44 &&
      view.getUint16(20, true) === 1 &&
      view.getUint32(28, true) === rate * channels * 2,
    channels,
    rate,
    bits: view.getUint16(34, true),
    seconds: bytes / 2 / channels / rate,
    /** Root mean square, 0..1 */
    rms: Math.sqrt(squares / ((wav.length - 44) / 2)),
  };
}

/** A WAV of `samples`, written into a pipe as espeak does where `sizes` is given. */
export function writeWav(
  samples: readonly number[],
  { rate = 22_050, sizes = samples.length * 2 } = {},
): Buffer {
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE((sizes + 36) >>> 0, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(sizes, 40);
  samples.forEach((sample, index) => wav.writeInt16LE(sample, 44 + index * 2));
  return wav;
}
