import { expect, it } from 'vitest';
import { centralFace } from '../../server/commands/accuracy/central-face.js';
import type { Face } from '../../server/faces/face.js';

const picture = { width: 250, height: 250 };
const face = (x: number, y: number, width: number): Face => ({
  box: { x: x - width / 2, y: y - width / 2, width, height: width },
  score: 0.9,
  landmarks: null,
  quality: null,
  embedding: null,
  liveness: null,
});

it('takes the face in the middle, whoever is larger beside it', () => {
  const [middle, beside] = [face(125, 130, 90), face(210, 100, 130)];
  expect(centralFace([beside, middle], picture)).toBe(middle);
  expect(centralFace([middle, beside], picture)).toBe(middle);
});

it('takes a large face a little beside the middle over a speck nearer to it', () => {
  const [large, speck] = [face(140, 125, 100), face(130, 125, 10)];
  expect(centralFace([speck, large], picture)).toBe(large);
});

it('finds nobody where there is nobody', () => {
  expect(centralFace([], picture)).toBeNull();
});
