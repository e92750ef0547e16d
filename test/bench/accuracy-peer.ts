import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { silentLog } from '../../server/base/log.js';
import { centralFace } from '../../server/commands/accuracy/central-face.js';
import { printTable } from '../../server/commands/print-table.js';
import { bestThreshold, foldAccuracy } from '../../server/evaluation/folds.js';
import { groupByFolder } from '../../server/evaluation/group-by-folder.js';
import type { ScoredPair } from '../../server/evaluation/scores.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import type { Picture } from '../../server/frames/frame.js';
import { readPicture } from '../../server/identities/read-picture.js';
import type { PeerAnswer, PeerQuestion } from './accuracy-peer.child.js';
import { machineLine } from './machine.js';
import { progress } from './progress.js';

// `npm run bench:accuracy-peer`: face-api.js' own pipeline and ours, on the same pairs of pictures.

const options = new Command('bench:accuracy-peer')
  .description('How often face-api.js as shipped, and Gatehouse, tell pairs of pictures apart rightly.')
  .requiredOption(
    '--pairs <file>',
    'lines of a,b,same: two pictures and whether they show one person (1 or 0)',
  )
  .requiredOption('--root <folder>', 'where the paths of the pictures begin')
  .option('--json <file>', 'everything as JSON')
  .option('--ours', 'Gatehouse alone: face-api.js takes minutes and does not change')
  .parse()
  .opts<{ pairs: string; root: string; json?: string; ours?: true }>();

/** An embedding a way of recognising; null: it found no face. */
type Embeddings = Map<string, Float32Array | null>;

interface Pair {
  a: string;
  b: string;
  same: boolean;
}

const say = progress();
const pairs = await readPairs(options.pairs);
const files = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
const contenders = new Map<string, Embeddings>();
contenders.set('gatehouse', await gatehouse());
if (!options.ours) for (const [name, embeddings] of await faceApi()) contenders.set(name, embeddings);

const folders = groupByFolder(pairs);
const rows = [...new Map([['all', pairs], ...folders])].flatMap(([folder, members]) =>
  [...contenders].map(([name, embeddings]) => judge(folder, members, name, embeddings)),
);
process.stdout.write(`${machineLine()}\n${pairs.length} pairs of ${files.length} pictures\n\n`);
printTable(
  rows.map(({ folder, by, pairs: count, missed, best, threshold, folds }) => ({
    folder,
    by,
    pairs: count,
    'pictures without a face': missed,
    'best accuracy': percent(best.all),
    at: threshold.toFixed(3),
    '10 folds': folds.all ? `${percent(folds.all.mean)} ± ${percent(folds.all.standardError)}` : '-',
    'best, where all find faces': percent(best.found),
    '10 folds, where all find faces': folds.found ? percent(folds.found.mean) : '-',
  })),
);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);

/** A pair without a face in one of its pictures counts as two people, as in LFW's protocol. */
function judge(folder: string, members: readonly Pair[], by: string, embeddings: Embeddings) {
  const all = members.map((pair) => score(pair, embeddings));
  const everybodyFinds = ({ a, b }: Pair): boolean =>
    [...contenders.values()].every((each) => each.get(a) != null && each.get(b) != null);
  const found = members.filter(everybodyFinds).map((pair) => score(pair, embeddings));
  const threshold = bestThreshold(all);
  return {
    folder,
    by,
    pairs: members.length,
    missed: [...new Set(members.flatMap(({ a, b }) => [a, b]))].filter((file) => embeddings.get(file) == null)
      .length,
    best: { all: right(all, threshold), found: right(found, bestThreshold(found)) },
    threshold,
    folds: { all: foldAccuracy(all), found: foldAccuracy(found) },
  };
}

function score({ a, b, same }: Pair, embeddings: Embeddings): ScoredPair {
  const one = embeddings.get(a) ?? null;
  const other = embeddings.get(b) ?? null;
  const distance = one && other ? Math.hypot(...one.map((value, i) => value - other[i])) : Infinity;
  return { distance, same };
}

function right(scored: readonly ScoredPair[], threshold: number): number {
  return scored.filter(({ distance, same }) => distance <= threshold === same).length / scored.length;
}

/** Ours, as it enrols people: the photo profile. */
async function gatehouse(): Promise<Embeddings> {
  const recogniser = await startRecogniser({
    engine: 'auto',
    workers: 'auto',
    network: 'dlib-resnet',
    modelsFolder: '',
    log: silentLog,
  });
  const embeddings: Embeddings = new Map();
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      const picture = await load(file);
      const [faces] = await recogniser.recognise([picture], { profile: 'photo' });
      embeddings.set(file, centralFace(faces, picture)?.embedding ?? null);
      say(`gatehouse: ${embeddings.size} of ${files.length} pictures`);
    }
  };
  await Promise.all(Array.from({ length: recogniser.concurrency }, work));
  await recogniser.close();
  return embeddings;
}

/** face-api.js with SSD and with the tiny detector, in a process of its own, on the best backend that it has here. */
async function faceApi(): Promise<Map<string, Embeddings>> {
  const child = fork(fileURLToPath(new URL('./accuracy-peer.child.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() => Promise.reject(new Error('face-api.js died')));
  gone.catch(() => undefined);
  const ask = async (question: PeerQuestion | null): Promise<PeerAnswer> => {
    if (question) child.send(question);
    const [answer] = (await Promise.race([once(child, 'message'), gone])) as [PeerAnswer];
    return answer;
  };
  const ready = await ask(null);
  if (ready.kind !== 'ready') throw new Error('face-api.js did not start');
  const all = new Map(ready.ways.map((name) => [`face-api ${name}`, new Map() as Embeddings]));
  for (const [index, file] of files.entries()) {
    const answer = await ask({ picture: await load(file) });
    if (answer.kind === 'embeddings')
      for (const [name, embedding] of Object.entries(answer.byWay))
        all.get(`face-api ${name}`)!.set(file, embedding);
    say(`face-api.js on ${ready.backend}: ${index + 1} of ${files.length} pictures`);
  }
  child.disconnect();
  return all;
}

async function load(file: string): Promise<Picture> {
  return readPicture(await readFile(join(resolve(options.root), file)));
}

async function readPairs(path: string): Promise<Pair[]> {
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/u).filter((line) => line.trim() !== '');
  return lines.flatMap((line) => {
    const [a, b, same] = line.split(',').map((cell) => cell.trim());
    return same === '0' || same === '1' ? [{ a, b, same: same === '1' }] : [];
  });
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(share * 100).toFixed(2)} %`;
}
