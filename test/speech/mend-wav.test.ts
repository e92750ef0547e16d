import { expect, test } from 'vitest';
import { mendWav } from '../../server/speech/mend-wav.js';
import { writeWav } from '../fixtures/wav.js';
import { readWav } from './read-wav.js';

const samples = [1, -2, 300, -400];

test('a right one stays as it is', () => {
  const wav = writeWav(samples);
  expect(Buffer.from(mendWav(wav))).toEqual(wav);
});

test('sizes of a stream are put right', () => {
  const mended = mendWav(writeWav(samples, { sizes: 0x7ffff000 }));
  expect(readWav(mended)).toMatchObject({ headerIsRight: true, seconds: 4 / 22_050 });
  expect(Buffer.from(mended)).toEqual(writeWav(samples));
});

test('other chunks, padding and a torn last sample are left out', () => {
  const wav = writeWav(samples);
  const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  const odd = Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36), Buffer.from([7])]);
  odd.writeUInt32LE(9, 36 + list.length + 4);
  expect(Buffer.from(mendWav(odd))).toEqual(wav);
});

const eightBit = writeWav(samples);
eightBit.writeUInt16LE(8, 34);
test.each([
  ['nothing', Buffer.alloc(0), 'not a WAV file'],
  ['zeros, as after a power cut', Buffer.alloc(100), 'not a WAV file'],
  ['another format', Buffer.from('ID3 this is no wave'), 'not a WAV file'],
  ['no sample', writeWav([]), 'empty'],
  ['a header alone', writeWav(samples).subarray(0, 30), 'holds no samples'],
  ['8 bit', eightBit, 'not 16 bit PCM'],
])('refuses %s', (_, bytes, why) => {
  expect(() => mendWav(bytes)).toThrow(
    expect.objectContaining({ code: 'SPEECH_FAILED', message: expect.stringContaining(why) as string }),
  );
});
