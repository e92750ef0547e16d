import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { findEmbedder, readNetwork } from '/work/models/models/catalogue.js';
import { chipTemplate } from '/work/models/server/faces/align.js';
import { detectPhoto, ssdAnchors } from '/work/models/server/faces/detect-photo.js';
import { embed } from '/work/models/server/faces/embed.js';
import { landmarks } from '/work/models/server/faces/landmarks.js';
import { openOnnx } from '/work/models/server/faces/engines/onnx.js';
const root = '/work/shared/data/faces/';
const pairs = readFileSync(root + 'pairs.csv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((l) => l.split(','));
const engine = await openOnnx({ threads: 1 });
const load = async (n: string) => {
  const { network, weights } = await readNetwork(n, '/tmp/facer/data/models');
  return engine.load(network, weights);
};
const ssdw = await readNetwork('ssd-mobilenet', 'x');
const det = {
  tiny: await load('tiny-detector'),
  ssd: await engine.load(ssdw.network, ssdw.weights),
  anchors: ssdAnchors(ssdw.weights),
};
const lm = await load('landmarks68');
const files = [...new Set(pairs.flatMap((p) => [p[0], p[1]]))];
const faces = new Map<string, any>();
let missed = 0;
for (const f of files) {
  const { data, info } = await sharp(root + f)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  let px: any = data;
  if (info.channels === 1) {
    px = Buffer.alloc(data.length * 3);
    for (let i = 0; i < data.length; i++) px.fill(data[i], i * 3, i * 3 + 3);
  }
  const picture = { width: info.width, height: info.height, pixels: new Uint8Array(px) };
  const d = (await detectPhoto(det, picture)).sort(
    (a, b) => b.box.width * b.box.height - a.box.width * a.box.height,
  )[0];
  if (!d) {
    missed++;
    continue;
  }
  const [p] = await landmarks(lm, [{ picture, box: d.box }]);
  faces.set(f, { picture, landmarks: p });
}
console.log('files', files.length, 'missed', missed);
const configs: [string, any][] = [
  ['dlib-resnet', 'dlib'],
  ['faceres', 'dlib'],
  ['faceres', 'arcface'],
  ['faceres', { margin: 0 }],
  ['faceres', { margin: 0.1 }],
  ['faceres', { margin: 0.2 }],
  ['faceres', { margin: 0.35 }],
  ['faceres', { margin: 0.5 }],
];
for (const [name, al] of configs) {
  const e = await findEmbedder(name, '/tmp/facer/data/models');
  const r = await load(name);
  const keys = [...faces.keys()];
  const t0 = performance.now();
  const em = await embed(
    r,
    chipTemplate(al, e.embedding.size),
    keys.map((k) => faces.get(k)),
  );
  const ms = (performance.now() - t0) / keys.length;
  const byf = new Map(keys.map((k, i) => [k, em[i]]));
  const out: any[] = [];
  for (const [a, b, same] of pairs) {
    const x = byf.get(a),
      y = byf.get(b);
    if (!x || !y) continue;
    let s = 0;
    for (let i = 0; i < x.length; i++) s += (x[i] - y[i]) ** 2;
    out.push([
      Math.sqrt(s),
      same === '1',
      a.split('/')[1] + (b.split('/')[1] === a.split('/')[1] ? '' : '+'),
    ]);
  }
  out.sort((p, q) => p[0] - q[0]);
  const P = out.filter((o) => o[1]).length,
    N = out.length - P;
  let tp = 0,
    fp = 0,
    best = [0, 0],
    auc = 0,
    frr1 = '';
  let frrAt = 1;
  for (const o of out) {
    if (o[1]) tp++;
    else {
      fp++;
      auc += tp;
    }
    const acc = (tp + N - fp) / out.length;
    if (acc > best[0]) best = [acc, o[0]];
    if (fp / N <= 0.01) frrAt = 1 - tp / P;
  }
  const q = (arr: number[], f: number) => arr[Math.floor(arr.length * f)]?.toFixed(3);
  const same = out.filter((o) => o[1]).map((o) => o[0]),
    diff = out.filter((o) => !o[1]).map((o) => o[0]);
  console.log(
    name,
    JSON.stringify(al),
    'pairs',
    out.length,
    'acc',
    best[0].toFixed(4),
    'at',
    best[1].toFixed(3),
    'auc',
    (auc / (P * N)).toFixed(4),
    'frr@far1%',
    frrAt.toFixed(3),
    'same p5/50/95',
    q(same, 0.05),
    q(same, 0.5),
    q(same, 0.95),
    'diff p1/5/50',
    q(diff, 0.01),
    q(diff, 0.05),
    q(diff, 0.5),
    'ms',
    ms.toFixed(1),
  );
  for (const g of ['bbt', 'fr', 'human', 'orl']) {
    const o = out.filter((x) => x[2] === g);
    let tpp = 0,
      fpp = 0,
      a = 0;
    const p = o.filter((x) => x[1]).length,
      n = o.length - p;
    for (const x of o) {
      if (x[1]) tpp++;
      else {
        fpp++;
        a += tpp;
      }
    }
    if (p && n) console.log('   ', g, o.length, 'auc', (a / (p * n)).toFixed(4));
  }
}
process.exit(0);
