import { describe, expect, it } from 'vitest';
import { embedAbove } from '../../server/faces/followed.js';

const at = (x: number, width = 100) => ({ x, y: 50, width, height: width });
const detection = (x: number, width = 100) => ({ box: at(x, width), score: 0.9 });

describe('which faces need an embedding', () => {
  it('a face that nobody follows does', () => {
    expect(embedAbove([detection(0)], [])).toEqual([0]);
    expect(embedAbove([detection(0)], [{ box: at(400), embedAbove: Infinity }])).toEqual([0]);
  });

  it('one that is followed does as its track says, though it moved a little', () => {
    expect(embedAbove([detection(20)], [{ box: at(0), embedAbove: Infinity }])).toEqual([Infinity]);
    expect(embedAbove([detection(20)], [{ box: at(0), embedAbove: 0.4 }])).toEqual([0.4]);
  });

  it('two in one expected place do, and so does one in two', () => {
    expect(embedAbove([detection(0), detection(20)], [{ box: at(10), embedAbove: Infinity }])).toEqual([
      0, 0,
    ]);
    const two = [
      { box: at(0), embedAbove: Infinity },
      { box: at(20), embedAbove: Infinity },
    ];
    expect(embedAbove([detection(10)], two)).toEqual([0]);
  });

  it('a face of quite another size in that place does', () => {
    expect(embedAbove([detection(0, 40)], [{ box: at(0), embedAbove: Infinity }])).toEqual([0]);
  });
});
