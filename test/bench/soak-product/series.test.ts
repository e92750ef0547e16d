import { expect, it } from 'vitest';
import { numbers } from '../../contracts/generated.js';
import { drawPanels } from './draw-panels.js';
import { judge, WARM_UP, type Judged, type Sample } from './series.js';

const still: Omit<Sample, 'seconds'> = {
  ...{ rss: 500, pss: null, heap: null, handles: 40, files: 50, threads: 22, children: 4, delay: 10 },
  ...{ journal: 0.4, data: 1, snapshots: 1, events: 10, visits: 3, reconnects: 2 },
};

/** Ten minutes, a sample every five seconds. */
function run(at: (seconds: number, noise: () => number) => Partial<Sample>): Sample[] {
  const next = numbers(7);
  return Array.from({ length: 120 }, (_, index) => {
    const seconds = (index + 1) * 5;
    return { ...still, seconds, ...at(seconds, () => next() - 0.5) };
  });
}

const of = (judged: readonly Judged[], key: string) => judged.find((one) => one.key === key);

it('calls a series flat that only trembles', () => {
  const judged = judge(run((_, noise) => ({ rss: 500 + 8 * noise() })));
  expect(of(judged, 'rss')!.verdict).toBe('flat');
  expect(of(judged, 'files')!.verdict).toBe('flat');
});

it('finds one file that is left open every ten seconds, in spite of the trembling', () => {
  const judged = judge(run((seconds, noise) => ({ files: 50 + seconds / 10 + 6 * noise() })));
  expect(of(judged, 'files')!.verdict).toBe('grows');
  expect(of(judged, 'files')!.slope.perUnit).toBeCloseTo(360, -2);
});

it('does not call flat what rises surely, if slowly', () => {
  const judged = judge(run((seconds, noise) => ({ rss: 500 + seconds / 60 + 2 * noise() })));
  expect(of(judged, 'rss')!.verdict).toBe('undecided');
});

it('does not judge the warm-up', () => {
  const judged = judge(run((seconds) => ({ rss: seconds < 600 * WARM_UP ? 300 + seconds : 520 })));
  expect(of(judged, 'rss')!.verdict).toBe('flat');
});

it('says where a run was too short to tell', () => {
  const judged = judge(run((_, noise) => ({ delay: 2000 * noise() })).slice(0, 14));
  expect(of(judged, 'delay')!.verdict).toBe('undecided');
});

it('leaves out what was not measured, and does not judge what may grow', () => {
  const judged = judge(run((seconds) => ({ events: seconds * 100 })));
  expect(of(judged, 'heap')).toBeUndefined();
  expect(of(judged, 'events')!.verdict).toBe('shown');
});

it('draws a panel for each series, all numbers finite', () => {
  const samples = run(() => ({}));
  const judged = judge(samples);
  const svg = drawPanels('A run', samples, judged);
  expect(svg.match(/<polyline/g)).toHaveLength(2 * judged.length);
  expect(svg).not.toMatch(/NaN|Infinity/);
});
