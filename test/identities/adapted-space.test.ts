import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import { openIdentities } from '../../server/identities/identities.js';
import { memoryStore } from '../../server/identities/stores/memory.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';
import { photoOf, rectangleRecogniser } from './drawn-photo.js';

it('samples and probes are compared in the adapted space, and the store keeps what the network made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-adapted-'));
  try {
    await writeFile(join(folder, 'skuli.png'), await photoOf(['#c00000']));
    const store = memoryStore();
    const enrolled = embeddingOf('3,0,0');
    const probe = embeddingOf('somebody');
    const plain = Math.hypot(...enrolled.map((value, i) => value - probe[i]));
    const open = (factor: number) =>
      openIdentities({
        folders: [folder],
        store,
        recognise: rectangleRecogniser().recognise,
        network: 'net',
        transform: (embedding) => embedding.map((value) => value * factor),
        minFace: 80,
        clock: systemClock,
        log: silentLog,
        settleMs: 40,
      });
    // Enrolled while it runs the first time, read from the store the second.
    for (const factor of [0.5, 3]) {
      const identities = await open(factor);
      await identities.ready;
      expect((await identities.match([probe], 9))[0].distance).toBeCloseTo(plain * factor, 5);
      expect((await identities.match([enrolled], 9))[0].distance).toBeCloseTo(0, 6);
      const [{ samples }] = await store.read();
      expect(samples[0].embedding).toEqual(enrolled);
      await identities.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
