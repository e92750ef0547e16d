import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import type { PersonInfo } from '../../server/events/desk.js';
import { demoClip } from '../fixtures/demo-clip.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { portraitPicture } from '../fixtures/portrait.js';
import { productFolder, startProduct, type Product } from '../fixtures/product.js';

const places: { remove(): Promise<void> }[] = [];
const products: Product[] = [];
afterEach(async () => {
  for (const product of products.splice(0)) await product.stop('SIGKILL');
  for (const place of places.splice(0)) await place.remove();
});

async function given(config: unknown) {
  const place = await productFolder(config);
  places.push(place);
  await knowEngines(place.data);
  return place;
}

async function started(where: { config: string; data: string }): Promise<Product> {
  const product = await startProduct(where);
  products.push(product);
  return product;
}

const people = async (product: Product): Promise<string[]> =>
  ((await (await product.get('/api/people')).json()) as PersonInfo[]).map(({ id }) => id).sort();

/** As docs/operations/deployment.md says: everything but the locks, which name the server that is running. */
const copied = (path: string): boolean => !basename(path).startsWith('lock');

test('a copy made while people come and go is a whole backup: people, journal, snapshots', async () => {
  const clip = await demoClip('entrance');
  const camera = { id: 'entrance', source: { kind: 'file', path: clip }, greeting: { cooldownSeconds: 0 } };
  const first = await given({ cameras: [camera] });
  for (const id of ['skuli', 'ada', 'bo']) {
    const { width, height, pixels } = await portraitPicture(id);
    const photo = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer();
    await writeFile(join(first.people, `${id}.jpg`), photo);
  }
  const original = await started(first);
  const feed = await original.feed(0);
  await feed.until((message) => message.type === 'visit.recognised', 60_000);

  // Three copies in a row: at least one of them meets an event that is being written.
  const second = await given({ cameras: [{ ...camera, source: { kind: 'file', path: '/nowhere.mp4' } }] });
  let told = 0;
  for (let copy = 0; copy < 3; copy += 1) {
    await rm(second.data, { recursive: true, force: true });
    await mkdir(second.data, { mode: 0o700 });
    told = feed.events().at(-1)!.seq;
    await cp(first.data, second.data, { recursive: true, filter: copied });
    await wait(200);
  }
  await cp(first.people, second.people, { recursive: true });

  // The original still runs beside it: the copy does not take itself for in use.
  const restored = await started(second);
  expect(await people(restored)).toEqual(['ada', 'bo', 'skuli']);
  const replay = await restored.feed(0);
  await replay.until((message) => 'seq' in message && message.seq >= told);
  const kept = new Map(replay.events().map((event) => [event.seq, event]));
  for (const event of feed.events().slice(0, told)) expect(kept.get(event.seq)).toEqual(event);

  const recognised = feed.events().find((event) => event.type === 'visit.recognised')!;
  const snapshot = await restored.get((recognised as { snapshot: string }).snapshot);
  expect(snapshot.status).toBe(200);
  expect((await readdir(second.data)).some((name) => name === 'people.json')).toBe(true);
  replay.close();
  feed.close();
}, 180_000);

test('locks that came along with a copy keep it from starting beside the original, and say so', async () => {
  const camera = { id: 'door', source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/cam' } };
  const first = await given({ cameras: [camera] });
  await started(first);
  const second = await given({ cameras: [camera] });
  await cp(first.data, second.data, { recursive: true });
  await expect(startProduct(second)).rejects.toThrow('DATA_IN_USE');
  for (const name of await readdir(second.data))
    if (!copied(name)) await rm(join(second.data, name), { force: true });
  expect((await (await started(second)).get('/health')).status).toBe(200);
});
