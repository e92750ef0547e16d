import { pathToFileURL } from 'node:url';
import { openOnnxMinima } from '../../server/faces/engines/onnx-minima.js';
import { ApproximateIndex } from '../../server/identities/gallery/approximate-index.js';
import { ZERO } from '../../server/identities/gallery/block-minima.js';
import type { GalleryIndex, Member } from '../../server/identities/gallery-index.js';
import { openInvertedFile } from '../../server/identities/gallery/inverted-file.js';
import { loopIndex } from '../../server/identities/gallery/loop-index.js';
import { MatrixIndex } from '../../server/identities/gallery/matrix-index.js';
import { drawPeople } from '../fixtures/drawn-embeddings.js';

// How long a batch of probes takes against galleries of several sizes, by each index, all on one thread:
//     npx tsx test/bench/gallery.ts [SIZE ...] [--approximate-up-to SIZE] [--json]
// Embeddings are drawn (test/fixtures/drawn-embeddings.ts); half of the probes are of people who are enrolled.

const LENGTH = 128;
const BATCH = 8;
const K = 5;

export interface GalleryRow {
  /** People, one sample each. */
  size: number;
  index: 'loop' | 'matrix' | 'inverted file';
  description: string;
  /** Median of a batch of 8 probes. */
  ms: number;
  /** Processor time of a batch, median: what it takes on a machine that is busy with other things, too. */
  cpuMs: number;
  /** The loop's median over this one's. */
  timesLoop: number;
  buildSeconds: number;
  /** What building added to the process's memory, beside the embeddings themselves. */
  megabytes: number;
  /** Share of probes whose nearest person was found, and of the five nearest; the exact indexes have to have 1. */
  recall1: number;
  recall5: number;
}

export interface GalleryBenchOptions {
  sizes?: readonly number[];
  /** Batches of each index; the loop gets as few as a minute allows, at least 3. */
  rounds?: number;
  /** No approximate index is built for more people than this. */
  approximateUpTo?: number;
  onProgress?: (what: string) => void;
}

export async function measureGallery(options: GalleryBenchOptions = {}): Promise<GalleryRow[]> {
  const { sizes = [1_000, 100_000, 1_000_000], rounds = 15, approximateUpTo = 1_000_000 } = options;
  const onProgress = options.onProgress ?? (() => undefined);
  const rows: GalleryRow[] = [];
  for (const size of sizes) {
    onProgress(`drawing ${size} people`);
    const { members, batches } = draw(size, rounds);
    const loop = loopIndex(LENGTH);
    const matrix = await MatrixIndex.open(LENGTH, (shape) => openOnnxMinima({ ...shape, zero: ZERO }));
    const put = { put: members, remove: [] };

    onProgress(`loop, ${size}`);
    const truth: Answers = [];
    const reference = await row(
      'loop',
      size,
      loop,
      () => loop.update(put),
      batches.slice(0, size > 500_000 ? 5 : 9),
      truth,
      truth,
    );
    rows.push({ ...reference, timesLoop: 1 });
    await loop.close();
    onProgress(`matrix, ${size}`);
    const exact: Answers = [];
    const quick = await row('matrix', size, matrix, () => matrix.update(put), batches, truth, exact);
    rows.push({ ...quick, timesLoop: reference.ms / quick.ms });
    if (size <= approximateUpTo) {
      onProgress(`building the inverted file, ${size}`);
      const inverted = new ApproximateIndex(matrix, await openInvertedFile()(LENGTH), {
        onProgress: (done, total) => done % 50_000 < 128 && onProgress(`  ${done} of ${total}`),
      });
      const near = await row('inverted file', size, inverted, () => inverted.settled(), batches, exact, []);
      rows.push({ ...near, timesLoop: reference.ms / near.ms });
      await inverted.close();
    }
    await matrix.close();
  }
  return rows;
}

type Answers = string[][][];

/** @param answers filled with who was found, by batch and probe */
async function row(
  name: GalleryRow['index'],
  size: number,
  index: GalleryIndex,
  build: () => Promise<void>,
  batches: readonly Float32Array[],
  truth: Answers,
  answers: Answers,
): Promise<GalleryRow> {
  const before = memory();
  const began = performance.now();
  await build();
  const buildSeconds = (performance.now() - began) / 1000;
  const megabytes = (memory() - before) / 1e6;
  await index.search(batches[0], K);
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (const batch of batches) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    const found = await index.search(batch, K);
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    cpuTimes.push((user + system) / 1000);
    answers.push(found.map((neighbours) => neighbours.map(({ person }) => person.id)));
  }
  const { description } = index;
  const ms = median(times);
  return {
    size,
    index: name,
    description,
    ms,
    cpuMs: median(cpuTimes),
    timesLoop: 1,
    buildSeconds,
    megabytes,
    ...recall(truth, answers),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function recall(truth: Answers, answers: Answers): { recall1: number; recall5: number } {
  const pairs = truth
    .slice(0, answers.length)
    .flatMap((batch, at) => batch.map((ids, probe) => [ids, answers[at][probe]]));
  const first = pairs.filter(([wanted, found]) => found[0] === wanted[0]).length / pairs.length;
  const shares = pairs.map(
    ([wanted, found]) => wanted.filter((id) => found.includes(id)).length / wanted.length,
  );
  return { recall1: first, recall5: shares.reduce((a, b) => a + b, 0) / shares.length };
}

function memory(): number {
  return process.memoryUsage.rss();
}

function draw(size: number, rounds: number): { members: Member[]; batches: Float32Array[] } {
  const people = drawPeople(LENGTH, size);
  const known: (() => Float32Array)[] = [];
  const members = Array.from({ length: size }, (_, n) => {
    const { photo } = people.person();
    if (known.length < (rounds * BATCH) / 2) known.push(photo);
    return { id: `p${n}`, name: '', embeddings: [photo()] };
  });
  const batches = Array.from({ length: rounds }, (_, round) => {
    const batch = new Float32Array(BATCH * LENGTH);
    for (let probe = 0; probe < BATCH; probe += 1) {
      const photo = probe % 2 === 0 ? known[(round * BATCH + probe) / 2] : people.person().photo;
      batch.set(photo(), probe * LENGTH);
    }
    return batch;
  });
  return { members, batches };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const words = process.argv.slice(2);
  const upTo = words.indexOf('--approximate-up-to');
  const approximateUpTo = upTo === -1 ? undefined : Number(words.splice(upTo, 2)[1]);
  const json = words.includes('--json');
  const sizes = words.map(Number).filter((size) => size > 0);
  const rows = await measureGallery({
    ...(sizes.length > 0 ? { sizes } : {}),
    ...(approximateUpTo === undefined ? {} : { approximateUpTo }),
    onProgress: (what) => process.stderr.write(`${what}\n`),
  });
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    console.table(
      rows.map(({ description, ...figures }) => ({
        ...Object.fromEntries(
          Object.entries(figures).map(([key, value]) => [
            key,
            typeof value === 'number' ? Number(value.toPrecision(4)) : value,
          ]),
        ),
        description,
      })),
    );
}
