import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { pickFaces, project } from '../../server/training/faces.js';
import { trainDefaults } from '../../server/training/learn-adaptation.js';
import { openTensorflow } from '../../server/training/open-tensorflow.js';
import { separation } from '../../server/training/separation.js';
import { trainProjection, type TrainOptions } from '../../server/training/train-projection.js';
import { madeFaces } from './made-faces.js';

beforeAll(openTensorflow);
const options: TrainOptions = { ...trainDefaults, learningRate: 0.01, seed: 1 };
const identity = (length: number) =>
  Float32Array.from({ length: length * length }, (_, i) => (i % (length + 1) === 0 ? 1 : 0));
const distanceTo = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - b[i]));

describe('a trained projection', () => {
  const faces = madeFaces({ people: 20, photos: 5, nuisance: 0.8 });
  const others = madeFaces({ people: 20, photos: 5, nuisance: 0.8 }, 2);

  it('tells people apart better, those it never saw too', () => {
    const { matrix } = trainProjection(faces, null, options);
    expect(separation(project(others, matrix), project(others, matrix))).toBeGreaterThan(
      1.2 * separation(others, others),
    );
    // What only differs from photo to photo counts less than what differs from person to person.
    const weight = (from: number, until: number) =>
      Array.from({ length: until - from }, (_, i) => matrix[(from + i) * 17]).reduce((a, b) => a + b) / 8;
    expect(weight(8, 16)).toBeLessThan(0.8 * weight(0, 8));
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory();
    trainProjection(faces, faces, options);
    trainProjection(faces, null, { ...options, epochs: 2 });
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it('is the same for the same seed, and another for another', () => {
    const once = trainProjection(faces, null, { ...options, epochs: 3 });
    expect(trainProjection(faces, null, { ...options, epochs: 3 })).toEqual(once);
    expect(trainProjection(faces, null, { ...options, epochs: 3, seed: 2 }).matrix).not.toEqual(once.matrix);
  });

  it('is held to the identity', () => {
    const free = trainProjection(faces, null, { ...options, hold: 0 }).matrix;
    const held = trainProjection(faces, null, { ...options, hold: 5 }).matrix;
    expect(distanceTo(held, identity(16))).toBeLessThan(distanceTo(free, identity(16)) / 3);
  });

  it('stays the identity where there is nothing to learn', () => {
    const alone = pickFaces(
      faces,
      [...faces.people.keys()].filter((row) => row % 5 === 0),
    );
    const epochs: number[] = [];
    expect(trainProjection(alone, null, options, (epoch) => epochs.push(epoch)).matrix).toEqual(identity(16));
    expect(epochs).toEqual([1]);
  });

  it('stops early where the faces put aside are told apart no better, and takes the best', () => {
    // All that the photos put aside share is chance: there is nothing that could get better for long.
    const chance = { ...others, people: others.people.map((_, row) => (row * 7) % 20) };
    const epochs: number[] = [];
    const trained = trainProjection(faces, chance, { ...options, epochs: 60, patience: 3 }, (epoch) =>
      epochs.push(epoch),
    );
    expect(epochs.length).toBeLessThan(60);
    expect(trained.epochs).toBe(epochs.length - 3);
  });
});
