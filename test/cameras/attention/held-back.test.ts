import { describe, expect, it } from 'vitest';
import { HeldBack } from '../../../server/cameras/attention/held-back.js';
import { fragmentsOf } from './fragments.js';

/** Pictures that come 40 ms after one another, each shown when so many more were fed. */
function decoder(holds: number, { compositionMs = 0 } = {}) {
  const heldBack = new HeldBack();
  let fed = 0;
  const next = (): void => {
    const [fragment] = fragmentsOf(1);
    heldBack.fed({ fragment: { ...fragment, compositionMs }, at: fed * 40 });
    fed += 1;
    if (fed > holds) heldBack.shown((fed - 1 - holds) * 40);
  };
  return { heldBack, feed: (pictures: number) => Array.from({ length: pictures }, next) };
}

describe('what a decoder holds back', () => {
  it('is nothing where it shows each picture before the next is fed', () => {
    const { heldBack, feed } = decoder(0);
    expect(heldBack.pictures).toBe(0);
    feed(50);
    expect(heldBack.pictures).toBe(0);
  });

  it('is learnt when it shows its first picture: one is let through unasked', () => {
    const { heldBack, feed } = decoder(5);
    feed(6);
    expect(heldBack.pictures).toBe(4);
    feed(100);
    expect(heldBack.pictures).toBe(4);
  });

  it('is at least what the camera reorders', () => {
    const { heldBack, feed } = decoder(0, { compositionMs: 80 });
    feed(10);
    expect(heldBack.pictures).toBe(2);
    expect(decoder(0).heldBack.pictures).toBe(0);
  });

  it('is soon enough where it shows nothing, and no more than a codec allows', () => {
    const { heldBack } = decoder(0);
    const seen = Array.from({ length: 5 }, () => {
      heldBack.showsNothing();
      return heldBack.pictures;
    });
    expect(seen).toEqual([2, 6, 14, 16, 16]);
  });

  it('was too much where a picture is shown with fewer after it: that one was damaged, or the decoder late', () => {
    const { heldBack, feed } = decoder(0);
    feed(5);
    heldBack.showsNothing();
    heldBack.showsNothing();
    expect(heldBack.pictures).toBe(6);
    feed(1);
    expect(heldBack.pictures).toBe(0);
  });
});
