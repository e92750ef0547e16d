import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { facenetNn4 } from '../../models/facenet-nn4.js';
import type { Weights } from '../../models/weights.js';
import { generatedWeights } from '../contracts/generated.js';
import { inTurn, runFolder } from '../fixtures/run-folder.js';

/** A folder with generated weights of nn4.small2, 80 MB, written once a run; do not change it. */
export async function generatedOpenface(): Promise<string> {
  const folder = join(runFolder(), 'openface');
  await inTurn('openface', async () => {
    if (existsSync(folder)) return;
    await writeOpenfaceFolder(`${folder}.part`, generatedWeights(facenetNn4()));
    await rename(`${folder}.part`, folder);
  });
  return folder;
}

/** Writes weights as the Keras ports of OpenFace do: one CSV a tensor, convolutions OIHW, the dense layer out x in. */
export async function writeOpenfaceFolder(folder: string, weights: Weights): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, { shape, values }] of weights) {
    const [height, width, channelsIn, channelsOut] = shape.length === 4 ? shape : [1, 1, ...shape];
    const numbers: number[] = [];
    if (shape.length === 1) numbers.push(...values);
    else
      for (let out = 0; out < channelsOut; out += 1)
        for (let channel = 0; channel < channelsIn; channel += 1)
          for (let y = 0; y < height; y += 1)
            for (let x = 0; x < width; x += 1)
              numbers.push(values[((y * width + x) * channelsIn + channel) * channelsOut + out]);
    await writeFile(join(folder, `${name}.csv`), numbers.join(','));
  }
}
