import { describe, expect, it } from 'vitest';
import { placeFace } from '../../server/frames/place-face.js';
import { areaOf, type Polygon } from '../../server/frames/polygon.js';
import { everything } from '../../server/frames/watched-areas.js';

const FRAME = { width: 1000, height: 500 };

const rectangle = (left: number, top: number, right: number, bottom: number): Polygon => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
/** A face of 100 x 100 pixels around a point. */
const at = (x: number, y: number) => ({ x: x - 50, y: y - 50, width: 100, height: 100 });
const door = { name: 'door', area: rectangle(0, 0, 0.5, 1) };
const lift = { name: 'lift', area: rectangle(0.4, 0, 0.8, 1) };

describe('a face', () => {
  it('counts everywhere where nothing is said', () => {
    expect(placeFace(at(10, 10), FRAME, everything)).toEqual({ counts: true, zone: null });
  });

  it('counts in a zone only where there are zones, by its centre, and the first zone has it', () => {
    const areas = { ...everything, zones: [door, lift] };
    expect(placeFace(at(100, 250), FRAME, areas)).toEqual({ counts: true, zone: 'door' });
    expect(placeFace(at(450, 250), FRAME, areas)).toEqual({ counts: true, zone: 'door' });
    expect(placeFace(at(550, 250), FRAME, areas)).toEqual({ counts: true, zone: 'lift' });
    expect(placeFace(at(790, 250), FRAME, areas)).toEqual({ counts: true, zone: 'lift' });
    expect(placeFace(at(810, 250), FRAME, areas)).toEqual({ counts: false });
  });

  it('does not count on a poster, be it in a zone', () => {
    const areas = { ...everything, zones: [door], ignoreFaces: [rectangle(0.1, 0.1, 0.2, 0.4)] };
    expect(placeFace(at(150, 120), FRAME, areas)).toEqual({ counts: false });
    expect(placeFace(at(250, 120), FRAME, areas)).toEqual({ counts: true, zone: 'door' });
  });

  it('that is cut off at the edge is in the zone that reaches there', () => {
    const areas = { ...everything, zones: [door, { ...lift, area: rectangle(0.5, 0, 1, 1) }] };
    expect(placeFace(at(-10, 510), FRAME, areas)).toEqual({ counts: true, zone: 'door' });
    expect(placeFace(at(1010, -10), FRAME, areas)).toEqual({ counts: true, zone: 'lift' });
  });
});

describe('the area of a polygon', () => {
  it('is the same either way round, and none of a line', () => {
    const square = rectangle(0.25, 0.25, 0.75, 0.75);
    expect(areaOf(square)).toBeCloseTo(0.25);
    expect(areaOf([...square].reverse())).toBeCloseTo(0.25);
    expect(
      areaOf([
        [0, 0],
        [0.5, 0.5],
        [1, 1],
      ]),
    ).toBe(0);
  });
});
