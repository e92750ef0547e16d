import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { silentLog } from '../../server/base/log.js';
import { openOnnxMinima } from '../../server/faces/engines/onnx-minima.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { ApproximateIndex } from '../../server/identities/gallery/approximate-index.js';
import { ZERO } from '../../server/identities/gallery/block-minima.js';
import type { Member, Neighbour } from '../../server/identities/gallery-index.js';
import { openInvertedFile } from '../../server/identities/gallery/inverted-file.js';
import { MatrixIndex } from '../../server/identities/gallery/matrix-index.js';
import { readPicture } from '../../server/identities/read-picture.js';
import { randomly } from '../fixtures/drawn-embeddings.js';

// Whom the approximate search misses, on real faces (../shared/data/faces) among many drawn ones:
//     npx tsx --import ./scripts/typescript-workers.mjs test/bench/gallery-recall.ts [SIZE] [--keep FILE]
// One photo of every person is enrolled, and the gallery filled up to SIZE with people drawn from the real ones'
// mean and covariance, each with the scatter of photos about their person on top. Probes are all other photos, as they
// are and with half of that scatter added. FILE keeps the embeddings between runs; it must not come into the project.

const words = process.argv.slice(2);
const keepAt = words.indexOf('--keep');
const keep = keepAt === -1 ? null : words.splice(keepAt, 2)[1];
const size = Number(words[0] ?? 100_000);
const shared = resolve(import.meta.dirname, '../../../shared/data/faces');
const K = 5;

interface Photo {
  person: string;
  embedding: number[];
}

const photos = keep !== null && existsSync(keep) ? readKept(keep) : await embedPhotos();
const length = photos[0].embedding.length;
const random = randomly(1);
const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

const byPerson = new Map<string, Photo[]>();
for (const photo of photos) byPerson.set(photo.person, [...(byPerson.get(photo.person) ?? []), photo]);
const mean = meanOf(photos.map(({ embedding }) => embedding));
const people = factorOf(photos.map(({ embedding }) => embedding.map((x, i) => x - mean[i])));
const scatter = factorOf(
  [...byPerson.values()]
    .filter((theirs) => theirs.length > 1)
    .flatMap((theirs) => {
      const centre = meanOf(theirs.map(({ embedding }) => embedding));
      // Photos lie nearer to their own mean than to their person's.
      const widen = Math.sqrt(theirs.length / (theirs.length - 1));
      return theirs.map(({ embedding }) => embedding.map((x, i) => (x - centre[i]) * widen));
    }),
);

const members: Member[] = [...byPerson].map(([id, [first]]) => ({
  id,
  name: id,
  embeddings: [Float32Array.from(first.embedding)],
}));
const probes = [...byPerson.values()].flatMap((theirs) => theirs.slice(1).map(({ embedding }) => embedding));
for (let n = members.length; n < size; n += 1) {
  const person = drawn(people);
  const photo = drawn(scatter);
  members.push({
    id: `drawn${n}`,
    name: '',
    embeddings: [Float32Array.from(mean, (x, i) => x + person[i] + photo[i])],
  });
}

const exact = await MatrixIndex.open(length, (shape) => openOnnxMinima({ ...shape, zero: ZERO }));
await exact.update({ put: members, remove: [] });
const perturbed = probes.map((probe) => {
  const noise = drawn(scatter);
  return probe.map((x, i) => x + noise[i] / 2);
});
const asked = new Map<string, { together: Float32Array; truth: Neighbour[][] }>();
for (const [name, some] of Object.entries({ 'as they are': probes, perturbed })) {
  const together = Float32Array.from(some.flat());
  asked.set(name, { together, truth: await exact.search(together, K) });
}
const approximate = new ApproximateIndex(exact, await openInvertedFile()(length));
await approximate.settled();
const table = [];
for (const [name, { together, truth }] of asked) {
  const found = await approximate.search(together, K);
  const share = (of: number[]) => (of.reduce((a, b) => a + b, 0) / of.length).toFixed(4);
  const named = truth.flatMap((wanted, at) => (wanted[0].distance <= 0.54 ? [at] : []));
  const isFirst = (at: number) => Number(found[at][0]?.person.id === truth[at][0].person.id);
  table.push({
    size,
    probes: `${truth.length} ${name}`,
    'recall@1': share(truth.map((_, at) => isFirst(at))),
    'recall@5': share(
      truth.map((wanted, at) => {
        const ids = new Set(found[at].map(({ person }) => person.id));
        return wanted.filter(({ person }) => ids.has(person.id)).length / wanted.length;
      }),
    ),
    'within the threshold': named.length,
    'their recall@1': share(named.map(isFirst)),
  });
}
console.log(approximate.description);
console.table(table);

async function embedPhotos(): Promise<Photo[]> {
  const options = {
    engine: 'auto',
    workers: 'auto',
    network: 'dlib-resnet',
    modelsFolder: 'nowhere',
  } as const;
  const recogniser = await startRecogniser({ ...options, log: silentLog });
  const lines = readFileSync(join(shared, 'labels.csv'), 'utf8').trim().split('\n').slice(1);
  const found: Photo[] = [];
  for (const [at, line] of lines.entries()) {
    const [file, person] = line.split(',');
    const picture = await readPicture(readFileSync(join(shared, file)));
    const [faces] = await recogniser.recognise([picture], { profile: 'photo' });
    const widest = faces.reduce((a, b) => (b.box.width > a.box.width ? b : a), faces[0]);
    if (faces.length > 0 && widest.embedding) found.push({ person, embedding: [...widest.embedding] });
    process.stderr.write(`\r${at + 1} of ${lines.length} photos`);
  }
  process.stderr.write('\n');
  await recogniser.close();
  if (keep !== null) writeFileSync(keep, JSON.stringify(found));
  return found;
}

function readKept(file: string): Photo[] {
  return JSON.parse(readFileSync(file, 'utf8')) as Photo[];
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
}

/** The lower Cholesky factor of the covariance of rows whose mean is nought. */
function factorOf(rows: readonly (readonly number[])[]): Float64Array[] {
  const factor = Array.from({ length }, () => new Float64Array(length));
  for (let i = 0; i < length; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let rest = rows.reduce((sum, row) => sum + row[i] * row[j], 0) / rows.length;
      for (let k = 0; k < j; k += 1) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(Math.max(rest, 1e-12)) : rest / factor[j][j];
    }
  return factor;
}

/** A draw from the normal distribution with that factor. */
function drawn(factor: readonly Float64Array[]): Float64Array {
  const z = Float64Array.from({ length }, normal);
  return Float64Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j += 1) sum += factor[i][j] * z[j];
    return sum;
  });
}
