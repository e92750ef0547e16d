import type { Picture } from '../frames/frame.js';
import type { ChipTemplate } from './align.js';
import { detectPhoto, type PhotoDetector } from './detect-photo.js';
import { detect, type DetectOptions } from './detect.js';
import { embed } from './embed.js';
import type { Runner } from './engine.js';
import type { Face } from './face.js';
import { landmarks } from './landmarks.js';
import type { RecogniseOptions } from './recogniser.js';
import type { Detection } from './suppress.js';

/** What recognition runs on: compiled networks and how to use them. */
export interface Tools {
  detector: Runner;
  detect: DetectOptions;
  /** Compiled when it is first asked for: only photos need it. */
  photoDetector: () => Promise<PhotoDetector>;
  landmarks: Runner;
  embedder: Runner;
  template: ChipTemplate;
}

/**
 * Pictures in, faces out: finds the faces of each picture, then their landmarks and embeddings, all pictures
 * together. One entry a picture, in order, largest face first.
 *
 * @param options one entry a picture
 */
export async function recognise(
  tools: Tools,
  pictures: readonly Picture[],
  options: readonly RecogniseOptions[],
): Promise<Face[][]> {
  const found: (Detection & { picture: Picture; index: number })[] = [];
  for (const [index, picture] of pictures.entries()) {
    const { profile = 'balanced' } = options[index];
    const detections =
      profile === 'photo'
        ? await detectPhoto(await tools.photoDetector(), picture)
        : await detect(tools.detector, picture, tools.detect);
    for (const detection of detections) found.push({ ...detection, picture, index });
  }
  const points = await landmarks(tools.landmarks, found);
  const embeddings = await embed(
    tools.embedder,
    tools.template,
    found.map(({ picture }, i) => ({ picture, landmarks: points[i] })),
  );
  const faces = pictures.map((): Face[] => []);
  found.forEach(({ box, score, index }, i) => {
    faces[index].push({ box, score, landmarks: points[i], embedding: embeddings[i] });
  });
  for (const ofPicture of faces)
    ofPicture.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
  return faces;
}
