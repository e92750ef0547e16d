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
