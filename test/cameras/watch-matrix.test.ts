import { describe, expect, it } from 'vitest';
import { watchMatrix } from '../../server/cameras/sources/watch-matrix.js';

const stream = (format: string, which = '#0:0') =>
  `[info]   Stream ${which}: Video: h264 (High), 1 reference frame (avc1 / 0x31637661), ${format}, 1280x720 (1280x736) [SAR 1:1 DAR 16:9], 25 fps, 25 tbr, 90k tbn`;

function heard(...lines: string[]) {
  const watch = watchMatrix();
  for (const line of lines) watch.line(line);
  return watch.matrix;
}

describe('the matrix of a stream', () => {
  it.each([
    ['yuv420p(tv, bt709, progressive)', 'bt709'],
    ['yuvj420p(pc, bt709/unknown/unknown, progressive, left)', 'bt709'],
    ['yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67)', 'bt2020'],
    ['yuv420p(tv, smpte240m)', 'smpte240m'],
    ['yuv420p(tv, smpte170m, progressive)', 'bt601'],
    ['yuvj422p(pc, bt470bg/unknown/unknown)', 'bt601'],
    // Primaries and transfer are no matrix.
    ['yuv420p(tv, smpte170m/bt709/bt709)', 'bt601'],
    ['yuv420p(tv, unknown/bt709/bt709)', 'bt601'],
    ['yuv420p(progressive)', 'bt601'],
    ['yuv420p', 'bt601'],
  ])('%s is %s', (format, matrix) => {
    expect(heard(stream(format))).toBe(matrix);
    expect(heard(stream(format, '#0:1[0x1](und)'))).toBe(matrix);
  });

  it('is that of the first video of the input, not of what is made of it, nor of sound', () => {
    expect(heard('[info] Input #0, rtsp, from X:', stream('yuv420p(bt709)'), stream('yuv420p(tv)'))).toBe(
      'bt709',
    );
    expect(heard(stream('yuv420p(tv)'), '[info] Output #0, rawvideo', stream('yuv420p(bt709)'))).toBe(
      'bt601',
    );
    expect(heard('[info]   Stream #0:0: Audio: aac, 48000 Hz', stream('yuv420p(bt709)', '#0:1'))).toBe(
      'bt709',
    );
    expect(heard('Stream #0:0 -> #0:0 (h264 (native) -> rawvideo (native))')).toBe('bt601');
  });
});
