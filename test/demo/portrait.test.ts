import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { demoPeople, demoStrangers } from '../../server/demo/people.js';
import { drawPortrait, portraitSize } from '../../server/demo/portrait.js';

const everybody = [...demoPeople, ...demoStrangers];

describe('drawn people', () => {
  it('are ten or more, eight or more of them enrolled, each with an id of their own', () => {
    expect(everybody.length).toBeGreaterThanOrEqual(10);
    expect(demoPeople.length).toBeGreaterThanOrEqual(8);
    expect(new Set(everybody.map(({ id }) => id)).size).toBe(everybody.length);
    for (const { id } of everybody) expect(id).toMatch(/^[a-z0-9-]+$/);
  });

  it.each(everybody.map(({ id, traits }) => ({ id, traits })))(
    '$id is drawn, in any pose',
    async ({ traits }) => {
      const pose = { yaw: -33, pitch: 12, roll: 15, size: 60, smile: 1, blink: 1, light: 0.7, stride: 1 };
      for (const svg of [drawPortrait(traits), drawPortrait(traits, pose)]) {
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
        const { width, height } = await sharp(Buffer.from(svg)).metadata();
        const { size } = svg.includes(`width="${portraitSize(60).width}"`) ? pose : { size: 220 };
        expect({ width, height }).toMatchObject({
          width: portraitSize(size).width,
          height: portraitSize(size).height,
        });
        const { channels } = await sharp(Buffer.from(svg)).stats();
        // Something is drawn, and something around it is left clear.
        expect(channels[3]).toMatchObject({ min: 0, max: 255 });
      }
    },
  );

  it('look the same every time, and different in another pose', () => {
    const { traits } = demoPeople[0];
    expect(drawPortrait(traits, { yaw: 5 })).toBe(drawPortrait(traits, { yaw: 5 }));
    for (const pose of [
      { yaw: 5 },
      { pitch: 5 },
      { roll: 5 },
      { smile: 1 },
      { blink: 1 },
      { light: 0.8 },
      { stride: 1 },
    ])
      expect(drawPortrait(traits, pose)).not.toBe(drawPortrait(traits));
  });
});
