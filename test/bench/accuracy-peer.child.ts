import type { Picture } from '../../server/frames/frame.js';
import { backends, type Backend } from './contender.js';
import { faceApiFaces, openFaceApi, type FaceApi, type FaceApiFace } from './peers/face-api.js';

export interface PeerQuestion {
  picture: Picture;
}
export type PeerAnswer =
  | { kind: 'ready'; backend: Backend; ways: string[] }
  | { kind: 'embeddings'; byWay: Record<string, Float32Array | null> };

// face-api.js' own way from a picture to a descriptor, with either of its detectors as they are set unless told. Where it
// finds several faces, the most certain one is taken, which is what its `detectSingleFace` does. Pictures that are all
// face its detectors mostly miss; for these its examples hand over the whole picture, so that is a third way.

const { api, backend } = await open();
const WHOLE = 'ssd, else the whole picture';
const detectors = {
  ssd: new api.SsdMobilenetv1Options(),
  tiny: new api.TinyFaceDetectorOptions(),
};

process.on('message', ({ picture }: PeerQuestion) => {
  void embed(picture).then((byWay) => say({ kind: 'embeddings', byWay }));
});
process.on('disconnect', () => process.exit(0));
say({ kind: 'ready', backend, ways: [...Object.keys(detectors), WHOLE] });

async function open(): Promise<{ api: FaceApi; backend: Backend }> {
  for (const candidate of backends) {
    try {
      return { api: await openFaceApi(candidate), backend: candidate };
    } catch (thrown) {
      if (candidate === backends.at(-1)) throw thrown;
    }
  }
  throw new Error('no backend');
}

async function embed(picture: Picture): Promise<Record<string, Float32Array | null>> {
  const byWay: Record<string, Float32Array | null> = {};
  for (const [name, options] of Object.entries(detectors)) {
    const faces = await faceApiFaces(api, picture, options);
    const best = faces.reduce<FaceApiFace | null>(
      (one, other) => (one && one.detection.score >= other.detection.score ? one : other),
      null,
    );
    byWay[name] = best?.descriptor ?? null;
  }
  byWay[WHOLE] = byWay['ssd'] ?? (await describeWhole(picture));
  return byWay;
}

/** The descriptor of a picture that is taken to be one face. */
async function describeWhole({ width, height, pixels }: Picture): Promise<Float32Array> {
  const tensor = api.tf.tensor3d(pixels, [height, width, 3], 'int32');
  const descriptor = await api.nets.faceRecognitionNet.computeFaceDescriptor(tensor);
  tensor.dispose();
  return descriptor as Float32Array;
}

function say(answer: PeerAnswer): void {
  process.send!(answer);
}
