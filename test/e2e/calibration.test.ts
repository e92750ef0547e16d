import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CameraInfo } from '../../server/events/desk.js';
import { applyCalibration } from '../../server/identities/stores/calibration-file.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { productFolder, startProduct, type Product } from '../fixtures/product.js';

const camera = (id: string, more = {}) => ({
  id,
  source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/cam' },
  ...more,
});

let product: Product | null = null;
let remove = (): Promise<void> => Promise.resolve();
afterEach(async () => {
  await product?.stop();
  await remove();
});

async function folder() {
  const made = await productFolder({ cameras: [camera('door'), camera('back', { threshold: 0.5 })] });
  remove = () => made.remove();
  await knowEngines(made.data);
  return made;
}

const thresholds = async (): Promise<number[]> => {
  const cameras = (await (await product!.get('/api/cameras')).json()) as CameraInfo[];
  return cameras.map(({ threshold }) => threshold);
};

test('a calibrated threshold is that of every camera without one of its own', async () => {
  const where = await folder();
  await applyCalibration(where.data, 'dlib-resnet', {
    threshold: 0.47,
    wantedFar: 0.001,
    people: 10,
    photos: 20,
    visits: 0,
    genuine: 20,
    impostor: 180,
    appliedAt: '2024-05-01T08:00:00.000Z',
  });
  product = await startProduct(where);
  expect(await thresholds()).toEqual([0.47, 0.5]);
  expect(product.output()).toContain('a calibrated threshold is used');
  expect((await product.health()).problems).toEqual([]);
});

test('a calibration that cannot be read keeps nobody from starting, and is said', async () => {
  const where = await folder();
  await writeFile(join(where.data, 'calibration.json'), '{"version":1');
  product = await startProduct(where);
  expect(await thresholds()).toEqual([0.54, 0.5]);
  const { status, problems } = await product.health();
  expect(problems).toEqual([expect.stringMatching(/^CALIBRATION_CORRUPT: /)]);
  expect(status).not.toBe('ok');
});
