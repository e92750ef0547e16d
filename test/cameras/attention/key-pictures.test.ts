import { describe, expect, it } from 'vitest';
import { DecodingLoad } from '../../../server/cameras/attention/decoding-load.js';
import { KeyPictures } from '../../../server/cameras/attention/key-pictures.js';
import { fragmentsOf } from './fragments.js';

/** What is done with each of so many pictures, 40 ms apart, a key picture every second. */
function chosen(pictures: KeyPictures, count: number, compositionMs = 0) {
  return fragmentsOf(count).map((fragment, index) =>
    pictures.choose({ fragment: { ...fragment, compositionMs }, at: 1000 + index * 40 }),
  );
}
const placesOf = (uses: (string | null)[], use: string) =>
  uses.flatMap((each, at) => (each === use ? [at] : []));

describe('of a quiet camera', () => {
  it('the key pictures are decoded, and nothing else', () => {
    const uses = chosen(new KeyPictures(new DecodingLoad()), 60);
    expect(placesOf(uses, 'shown')).toEqual([0, 25, 50]);
    expect(placesOf(uses, 'fed')).toEqual([]);
  });

  it('as many follow each as it is shown later than it is decoded', () => {
    const uses = chosen(new KeyPictures(new DecodingLoad()), 60, 80);
    expect(placesOf(uses, 'fed')).toEqual([1, 2, 26, 27, 51, 52]);
  });

  it('every second key picture is passed by while others go first, with all that follows it, and counted', () => {
    const load = new DecodingLoad();
    load.fellBehind(60_000);
    const pictures = new KeyPictures(load);
    const uses = chosen(pictures, 110, 40);
    expect(placesOf(uses, 'shown')).toEqual([0, 50, 100]);
    expect(placesOf(uses, 'fed')).toEqual([1, 51, 101]);
    expect(pictures.passedBy).toBe(2);
  });

  it('nothing of another video follows a key picture', () => {
    const pictures = new KeyPictures(new DecodingLoad());
    chosen(pictures, 1, 80);
    pictures.clear();
    const [, next] = fragmentsOf(2);
    expect(pictures.choose({ fragment: next, at: 1040 })).toBeNull();
  });
});
