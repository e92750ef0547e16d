import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../models/catalogue.js';
import { foldNetwork, type Step } from '../../server/faces/engines/fold.js';
import { gridsOf, measured, quantiseFilters } from '../../server/faces/engines/quantise.js';
import { loadOnnxruntime } from '../../server/faces/engines/onnxruntime.js';
import { largestFilter } from '../../server/faces/engines/probe-saturation.js';

const { network, weights, ranges } = await readNetwork('dlib-resnet', 'nowhere');
const plan = foldNetwork(network, weights);

describe('grids', () => {
  it('hold whole pixel values and zero exactly', () => {
    const grids = gridsOf(plan, ranges!)!;
    expect(grids.get('input')).toEqual({ scale: 1, zeroPoint: 0 });
    for (const [id, { scale, zeroPoint }] of grids) {
      expect(Number.isInteger(zeroPoint), id).toBe(true);
      expect(zeroPoint, id).toBeGreaterThanOrEqual(0);
      expect(zeroPoint, id).toBeLessThanOrEqual(255);
      expect(scale, id).toBeGreaterThan(0);
    }
  });

  it('reach to the ends of the range that was measured', () => {
    const [id] = measured(plan);
    const at = (range: [number, number]) => gridsOf(plan, { ...ranges!, [id]: range })!.get(id);
    expect(at([0, 51])).toEqual({ scale: 0.2, zeroPoint: 0 });
    expect(at([-2, 8])).toEqual({ scale: 10 / 255, zeroPoint: 51 });
    // Without a zero in it, zero is added: padding has to be exact.
    expect(at([5, 51])).toEqual({ scale: 0.2, zeroPoint: 0 });
    expect(at([0, 0])).toEqual({ scale: 1, zeroPoint: 0 });
  });

  it('are shared by a result and what only moves it', () => {
    const grids = gridsOf(plan, ranges!)!;
    const moving = plan.steps.filter((step) => ['maxPool', 'pad', 'padChannels'].includes(step.op));
    expect(moving.length).toBeGreaterThan(3);
    for (const step of moving) expect(grids.get(step.id)).toBe(grids.get((step as { input: string }).input));
  });

  it('are none where a single range is missing', () => {
    const [id] = measured(plan);
    expect(
      gridsOf(plan, Object.fromEntries(Object.entries(ranges!).filter(([key]) => key !== id))),
    ).toBeNull();
  });
});

it('rounds filters to within half a step, channel by channel, and the bias to the sums of products', () => {
  const step = plan.steps.find(
    (each): each is Extract<Step, { op: 'convolution' }> => each.op === 'convolution',
  )!;
  for (const most of [127, 63]) {
    const { filters, scales, bias, biasScales } = quantiseFilters(step, { scale: 0.5, zeroPoint: 3 }, most);
    const channels = step.bias.length;
    expect(Math.max(...filters.map(Math.abs))).toBe(most);
    step.filters.forEach((value, i) => {
      const scale = scales[i % channels];
      expect(Math.abs(filters[i] * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
    });
    step.bias.forEach((value, i) => {
      expect(biasScales[i]).toBeCloseTo(scales[i] * 0.5, 10);
      expect(Math.abs(bias[i] * biasScales[i] - value)).toBeLessThanOrEqual(biasScales[i] * 0.51);
    });
  }
});

it('finds out whether the processor cuts sums of 8-bit products off', async () => {
  expect([127, 63]).toContain(await largestFilter(loadOnnxruntime()));
});
