import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { short, ticks } from '../../server/evaluation/plot/axes.js';
import { drawPlot, type Plot } from '../../server/evaluation/plot/draw-plot.js';
import { checkPlotPath, writePlot } from '../../server/evaluation/plot/write-plot.js';
import { toScores, type ScoredPair } from '../../server/evaluation/scores.js';
import { generatedPairs } from './generated-pairs.js';

const plotOf = (pairs: ScoredPair[], marks: Plot['marks'] = []): string =>
  drawPlot({ title: 'Skuli & <friends>', note: 'a note', scores: toScores(pairs), marks });

describe('the drawing', () => {
  it('shows both curves, both histograms, the crossing, and each threshold with its label', () => {
    const svg = plotOf(generatedPairs(4), [
      { threshold: 0.54, label: 'default threshold' },
      { threshold: 0.6123, label: 'suggested threshold' },
    ]);
    for (const kind of [
      'same',
      'different',
      'same-area',
      'different-area',
      'same-bars',
      'different-bars',
      'dot',
    ])
      expect(svg).toContain(`class="${kind}"`);
    for (const words of [
      'default threshold 0.54',
      'suggested threshold 0.612',
      'equal error',
      'without a face',
    ])
      expect(svg).toContain(words);
    expect(svg).toContain('Skuli &amp; &lt;friends&gt;');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    ['no pair at all', []],
    ['one kind only', [{ distance: 0.4, same: false }]],
    [
      'no face anywhere',
      [
        { distance: Infinity, same: true },
        { distance: Infinity, same: false },
      ],
    ],
    [
      'no error',
      [
        { distance: 0.2, same: true },
        { distance: 0.9, same: false },
      ],
    ],
  ])('is sound with %s', async (_, pairs) => {
    const svg = plotOf(pairs, [{ threshold: 0.54, label: 'default threshold' }]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    // A parser that finds an error in the document refuses to draw it.
    const { width } = await sharp(Buffer.from(svg)).metadata();
    expect(width).toBe(960);
  });

  it('has round numbers on its axes', () => {
    expect(ticks(1.1, 12).map((each) => short(each))).toEqual(
      '0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 1.1'.split(' '),
    );
    expect(ticks(0.094, 4).map((each) => short(each, 3))).toEqual(['0', '0.05']);
  });
});

describe('the file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-plot-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the drawing itself, or a PNG of twice its size with ink on it', async () => {
    const svg = plotOf(generatedPairs(4));
    await writePlot(join(folder, 'plot.svg'), svg);
    expect(await readFile(join(folder, 'plot.svg'), 'utf8')).toBe(svg);
    await writePlot(join(folder, 'plot.PNG'), svg);
    const png = sharp(join(folder, 'plot.PNG'));
    const { format, width } = await png.metadata();
    expect([format, width]).toEqual(['png', 1920]);
    const { data, info } = await png.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    let [blue, orange] = [0, 0];
    for (let at = 0; at < data.length; at += info.channels) {
      const [r, g, b] = data.subarray(at, at + 3);
      if (r < 90 && b > 180 && g < 150) blue += 1;
      if (r > 200 && b < 90 && g < 150) orange += 1;
    }
    expect(blue).toBeGreaterThan(2000);
    expect(orange).toBeGreaterThan(2000);
  });

  it('another ending is refused at once, a folder that is not there when it is written', async () => {
    expect(() => checkPlotPath('plot.pdf')).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
    await expect(writePlot(join(folder, 'nowhere', 'plot.svg'), '<svg/>')).rejects.toMatchObject({
      code: 'PLOT_NOT_WRITTEN',
    });
  });
});
