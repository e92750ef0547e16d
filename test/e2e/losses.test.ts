import { expect, test } from 'vitest';
import { demoClip } from '../fixtures/demo-clip.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { productFolder, startProduct, type Product } from '../fixtures/product.js';

/** Frames of the camera that were overtaken, as `/metrics` has it. */
async function overtaken(product: Product): Promise<number> {
  const text = await (await product.get('/metrics')).text();
  const counted =
    /^gatehouse_frames_dropped_total\{camera="entrance",where="slot",code="overtaken"\} (\d+)$/mu;
  return Number(counted.exec(text)?.[1]);
}

test('what a running server lost stands on /health, and agrees with /metrics and each camera', async () => {
  const path = await demoClip('entrance');
  const place = await productFolder({ cameras: [{ id: 'entrance', source: { kind: 'file', path } }] });
  await knowEngines(place.data);
  const product = await startProduct(place);
  try {
    const feed = await product.feed(0);
    await feed.until((message) => message.type === 'visit.unknown', 60_000);
    const before = await overtaken(product);
    const { losses, cameras } = await product.health();
    const after = await overtaken(product);
    expect(losses).toEqual({
      frames: { entrance: { undecoded: 0, overtaken: expect.any(Number) as number, failed: {} } },
      eventsLost: 0,
      eventsWaiting: 0,
      clientsCutOff: 0,
      livePicturesMissed: 0,
      videoPicturesMissed: 0,
    });
    expect(losses.frames['entrance'].overtaken).toBeGreaterThanOrEqual(before);
    expect(losses.frames['entrance'].overtaken).toBeLessThanOrEqual(after);
    expect(cameras.find(({ id }) => id === 'entrance')?.dropped).toBe(losses.frames['entrance'].overtaken);
  } finally {
    await product.stop();
    await place.remove();
  }
});
