import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonInfo } from '../../server/events/desk.js';
import type { GatehouseEvent } from '../../server/events/event.js';
import { demoClip } from '../fixtures/demo-clip.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { portraitPicture } from '../fixtures/portrait.js';
import { childrenOf, productFolder, startProduct } from '../fixtures/product.js';

/** Raise it for a long run: GATEHOUSE_KILLS=100. */
const KILLS = Number(process.env['GATEHOUSE_KILLS'] ?? 10);
const NAMES = ['skuli', 'ada', 'bo', 'mei'];

let place: Awaited<ReturnType<typeof productFolder>>;
const photos = new Map<string, Buffer>();

beforeAll(async () => {
  const clip = await demoClip('entrance');
  place = await productFolder({
    cameras: [{ id: 'entrance', source: { kind: 'file', path: clip }, greeting: { cooldownSeconds: 0 } }],
  });
  await knowEngines(place.data);
  for (const name of NAMES) {
    const { width, height, pixels } = await portraitPicture(name);
    photos.set(
      name,
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toBuffer(),
    );
  }
}, 120_000);
afterAll(() => place.remove());

/** Puts a photo in or takes it out, as an operator's file manager does: whole or not at all. */
async function changeSomething(round: number): Promise<void> {
  const name = NAMES[round % NAMES.length];
  const path = join(place.people, `${name}.jpg`);
  if ((await readdir(place.people)).includes(`${name}.jpg`)) return rm(path);
  await writeFile(`${path}.part`, photos.get(name)!);
  await rename(`${path}.part`, path);
}

test(
  `kill -9, ${KILLS} times, while people are enrolled and visits recorded: nothing acknowledged is lost`,
  async () => {
    const seen = new Map<number, GatehouseEvent>();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < KILLS; round++) {
      const product = await startProduct(place);
      const feed = await product.feed(0);
      await changeSomething(round);
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 3_500));
      await product.stop('SIGKILL');
      feed.close();
      for (const event of feed.events()) {
        const before = seen.get(event.seq);
        if (before) expect(event).toEqual(before);
        seen.set(event.seq, event);
        if (event.type === 'person.enrolled') acknowledged.set(event.person.id, event.photos);
        if (event.type === 'person.removed') acknowledged.delete(event.person.id);
      }
    }

    const product = await startProduct(place);
    const feed = await product.feed(0);
    const newest = Math.max(...seen.keys());
    await feed.until((message) => 'seq' in message && message.seq >= newest);
    const { seq: last } = (await (await product.get('/api/visits')).json()) as { seq: number };
    await feed.until((message) => 'seq' in message && message.seq >= last);
    const replayed = new Map(feed.events().map((event) => [event.seq, event]));
    for (const [seq, event] of seen) expect(replayed.get(seq)).toEqual(event);
    expect([...replayed.keys()]).toEqual(Array.from({ length: replayed.size }, (_, index) => index + 1));
    expect(new Set([...replayed.values()].map((event) => event.id)).size).toBe(replayed.size);

    // Whoever was there when the server was killed has left by now, once and for all.
    const ends = (visit: string) =>
      [...replayed.values()].filter((event) => event.type === 'visit.ended' && event.visit === visit).length;
    for (const event of seen.values()) if (event.type === 'visit.started') expect(ends(event.visit)).toBe(1);

    const files = (await readdir(place.people)).map((file) => file.replace('.jpg', '')).sort();
    await expect
      .poll(
        async () =>
          ((await (await product.get('/api/people')).json()) as PersonInfo[])
            .map((person) => person.id)
            .sort(),
        {
          timeout: 20_000,
        },
      )
      .toEqual(files);
    expect(await orphans(product.child.pid!)).toEqual([]);
    const verdicts = [...replayed.values()].filter((event) => event.type === 'visit.recognised');
    console.log(
      `${KILLS} kills: ${seen.size} events acknowledged and all there, ${verdicts.length} recognitions, ${acknowledged.size} people enrolled at the end`,
    );
    expect(seen.size).toBeGreaterThan(KILLS);
    await product.stop();
  },
  KILLS * 12_000 + 60_000,
);

/** ffmpeg processes of earlier, killed runs: they play a clip of ours but belong to nobody. */
async function orphans(living: number): Promise<string[]> {
  const own = new Set((await childrenOf(living)).map((child) => child.pid));
  return (await childrenOf(1))
    .filter((child) => child.command.includes('ffmpeg') && !own.has(child.pid))
    .map((child) => child.command);
}
