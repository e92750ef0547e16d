import { describe, expect, it } from 'vitest';
import { launchGallery } from '../../server/compose/gallery.js';
import { openOnnxMinima } from '../../server/faces/engines/onnx-minima.js';
import {
  ApproximateIndex,
  type ApproximateOptions,
} from '../../server/identities/gallery/approximate-index.js';
import { openLoopMinima, ZERO, type OpenBlockMinima } from '../../server/identities/gallery/block-minima.js';
import { growIndex } from '../../server/identities/gallery/grow-index.js';
import { openInvertedFile } from '../../server/identities/gallery/inverted-file.js';
import { loopIndex } from '../../server/identities/gallery/loop-index.js';
import { MatrixIndex } from '../../server/identities/gallery/matrix-index.js';
import { SwitchIndex } from '../../server/identities/gallery/switch-index.js';
import { startThreadIndex } from '../../server/identities/gallery/thread-index.js';
import { silentLog } from '../../server/base/log.js';
import { randomly } from '../fixtures/drawn-embeddings.js';
import type { GalleryIndex } from '../../server/identities/gallery-index.js';
import { galleryIndexContract } from './gallery-index.js';

/** Rows from which on lists are made, so that nearly all of the suite meets them. */
const FEW = 40;

const onOnnx: OpenBlockMinima = (shape) => openOnnxMinima({ ...shape, zero: ZERO });

galleryIndexContract({ name: 'one by one', open: (length) => Promise.resolve(loopIndex(length)) });
galleryIndexContract({
  name: 'matrix products on onnxruntime',
  open: (length) => MatrixIndex.open(length, onOnnx),
});
galleryIndexContract({
  name: 'matrix products in plain loops',
  open: (length) => MatrixIndex.open(length, openLoopMinima),
});
const inverted = (options?: ApproximateOptions) => async (length: number) =>
  new ApproximateIndex(
    await MatrixIndex.open(length, openLoopMinima),
    await openInvertedFile()(length),
    options,
  );
/** Not only right: the lists answer, wherever there are more than `from` samples. */
const byLists = (from: number) => async (index: GalleryIndex) => {
  if (!(index instanceof ApproximateIndex)) throw new TypeError();
  await index.settled();
  if (index.samples > from) expect(index.description).toMatch(/\(\d+ lists\)$/);
};
galleryIndexContract({ name: 'inverted file', open: inverted(), settled: byLists(1_024) });
for (const mostWaiting of [350, FEW])
  galleryIndexContract({
    name: `inverted file, from ${mostWaiting} rows on`,
    open: inverted({ mostWaiting }),
    settled: byLists(mostWaiting),
  });
galleryIndexContract({
  name: 'thread',
  open: (length) => startThreadIndex(launchGallery, { length, mode: 'exact' }),
});
galleryIndexContract({
  name: 'switched by size, at every size that the suite has',
  open: (length) =>
    Promise.resolve(
      new SwitchIndex({ length, mode: 'exact', launch: launchGallery, log: silentLog, from: 100, until: 60 }),
    ),
});
galleryIndexContract({
  name: 'grown into an inverted file and back',
  open: (length) =>
    growIndex({
      length,
      mode: 'auto',
      openProduct: onOnnx,
      openNear: openInvertedFile(),
      mostWaiting: FEW,
      from: 100,
      until: 60,
    }),
});

describe('block minima', () => {
  it('are the same on onnxruntime as in plain loops, at the ends of what codes can be', async () => {
    const random = randomly(3);
    for (const length of [7, 128, 512]) {
      const codes = Uint8Array.from({ length: 256 * length }, (_, i) =>
        i < 64 * length ? 127 : i < 128 * length ? 0 : Math.floor(random() * 128),
      );
      const norms = Int32Array.from({ length: 256 }, () => Math.floor(random() * 1e6));
      for (const count of [1, 5, 16]) {
        const probes = Int8Array.from({ length: length * count }, (_, i) =>
          i % count === 0 ? 127 : i % count === 1 ? -127 : Math.floor(random() * 255) - 127,
        );
        const [one, other] = await Promise.all(
          [onOnnx, openLoopMinima].map(async (open) => {
            const product = await open({ length, block: 64 });
            const minima = await product.run(codes, norms, probes, count);
            await product.close();
            return [...minima];
          }),
        );
        expect(one).toHaveLength(4 * count);
        expect(one).toEqual(other);
      }
    }
  });
});
