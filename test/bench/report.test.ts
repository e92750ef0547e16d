import { expect, it } from 'vitest';
import type { Contender, Spec } from './contender.js';
import { goalsOf } from './goals.js';
import { bestByNetwork, compare, lapId, measurementsOf, type Report } from './report.js';

const contender = (name: string, spec: Spec, works: string[], frame = 5): Contender => ({
  name,
  spec,
  version: '1',
  works,
  found: { frame },
  embedding: null,
  failed: null,
  run: () => Promise.resolve(null),
  close: () => Promise.resolve(),
});

const slow = contender('wasm', { kind: 'engine', engine: 'wasm', threads: 1 }, ['frame', 'dlib-resnet/8']);
const fast = contender('onnx x2', { kind: 'engine', engine: 'onnx', threads: 2 }, ['frame', 'dlib-resnet/8']);
const peer = contender('face-api-wasm', { kind: 'face-api', backend: 'wasm' }, ['frame', 'dlib-resnet/1']);
const blind = contender('human-wasm', { kind: 'human', backend: 'wasm' }, ['frame'], 4);
const rounds = new Map([
  [lapId('wasm', 'frame'), { ms: [100, 120, 110], cpuMs: [100, 120, 110].map((ms) => 1.5 * ms) }],
  [lapId('wasm', 'dlib-resnet/8'), { ms: [160, 160, 160], cpuMs: [160, 160, 160].map((ms) => 1.5 * ms) }],
  [lapId('onnx x2', 'frame'), { ms: [20, 40, 22], cpuMs: [20, 40, 22].map((ms) => 1.5 * ms) }],
  [lapId('onnx x2', 'dlib-resnet/8'), { ms: [16, 16, 16], cpuMs: [16, 16, 16].map((ms) => 1.5 * ms) }],
  [lapId('face-api-wasm', 'frame'), { ms: [200, 400, 220], cpuMs: [200, 400, 220].map((ms) => 1.5 * ms) }],
  [lapId('face-api-wasm', 'dlib-resnet/1'), { ms: [20, 40, 20], cpuMs: [20, 40, 20].map((ms) => 1.5 * ms) }],
  [lapId('human-wasm', 'frame'), { ms: [50, 50, 50], cpuMs: [50, 50, 50].map((ms) => 1.5 * ms) }],
]);
const peers = [
  { name: 'face-api-wasm', kind: 'face-api', reason: null },
  { name: 'face-api-tfjs-node', kind: 'face-api', reason: 'it is not installed' },
  { name: 'human-wasm', kind: 'human', reason: null },
] as const;

it('compares the fastest of ours with each peer, and says why where it cannot', () => {
  const { ours, ratios, cpuRatios, reasons } = compare([slow, fast, peer, blind], peers, rounds, 5);
  expect(ours['frame']).toEqual({ contender: 'onnx x2', batch: 1, ms: 22 });
  expect(ratios['frame/face-api-wasm']).toBe(10);
  // 2 ms a face of a batch of eight against 20.
  expect(ratios['embed/face-api-wasm']).toBe(10);
  expect(cpuRatios['frame/face-api-wasm']).toBe(10);
  expect(ratios['frame/face-api-tfjs-node']).toBeNull();
  expect(reasons['frame/face-api-tfjs-node']).toBe('it is not installed');
  expect(ratios['frame/human-wasm']).toBeNull();
  expect(reasons['frame/human-wasm']).toBe('it finds 4 of 5 faces');
});

it('never takes an engine of ours that does not find everybody', () => {
  const { ours } = compare([slow, { ...fast, found: { frame: 6 } }, peer], peers, rounds, 5);
  expect(ours['frame'].contender).toBe('wasm');
});

it('gives ms a face, faces a second and the share of the peak', () => {
  const adds = new Map([['dlib-resnet', 100e6]]);
  const measurements = measurementsOf([slow, fast], rounds, adds, { peakGflops: 100, processors: 2 });
  const embed = measurements.find(
    ({ contender: name, work }) => name === 'onnx x2' && work === 'dlib-resnet',
  )!;
  expect(embed).toMatchObject({ batch: 8, threads: 2, msPerFace: 2, facesPerSecond: 500 });
  // 8 x 200 MFLOP in 16 ms are 100 GFLOP/s, half of what two threads could.
  expect(embed.ofPeak).toBeCloseTo(0.5, 12);
  expect(bestByNetwork(measurements)['onnx']).toEqual({ frame: 22, 'dlib-resnet': 2 });
});

it('says of each goal whether it is met, missed or not measured', () => {
  const compared = compare([slow, fast, peer, blind], peers, rounds, 5);
  const found = { ...compared, throughput: null, house: null, gallery: null } as unknown as Omit<
    Report,
    'goals'
  >;
  const goals = new Map(goalsOf(found).map((goal) => [goal.name, goal]));
  expect(goals.get('frame/face-api-wasm')).toMatchObject({ measured: '10.0 x', met: false });
  expect(goals.get('frame/face-api-tfjs-node')).toMatchObject({ measured: 'it is not installed', met: null });
  expect(goals.get('main loop delay p99, full load')).toMatchObject({ goal: '<= 10 ms', met: null });
});
