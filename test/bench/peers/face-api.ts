import { dirname, join } from 'node:path';
import type { Picture } from '../../../server/frames/frame.js';
import type { Backend, Loaded, Work } from '../contender.js';
import { liveSize } from '../networks.js';
import { chipsOf } from '../pictures.js';
import { chooseBackend, prepareBackend, require, type Disposable, type Tensorflow } from './tensorflow.js';

/** One face as face-api.js gives it back. */
export interface FaceApiFace {
  detection: { score: number; box: { x: number; y: number; width: number; height: number } };
  descriptor: Float32Array;
}

/** What is used of face-api.js: its documented interface. */
export interface FaceApi {
  tf: Tensorflow;
  nets: Record<
    'tinyFaceDetector' | 'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet',
    { loadFromDisk(folder: string): Promise<void> }
  > & {
    faceRecognitionNet: {
      computeFaceDescriptor(input: Disposable | Disposable[]): Promise<Float32Array[] | Float32Array>;
    };
    faceLandmark68Net: { detectLandmarks(input: Disposable | Disposable[]): Promise<unknown> };
  };
  TinyFaceDetectorOptions: new (options?: { inputSize?: number; scoreThreshold?: number }) => object;
  SsdMobilenetv1Options: new (options?: { minConfidence?: number; maxResults?: number }) => object;
  detectAllFaces(
    input: Disposable,
    options: object,
  ): Promise<unknown[]> & {
    withFaceLandmarks(): { withFaceDescriptors(): Promise<FaceApiFace[]> };
  };
}

/** face-api.js as it is shipped, with its own weights, on that backend of TensorFlow.js. */
export async function openFaceApi(backend: Backend): Promise<FaceApi> {
  prepareBackend(backend);
  const build = backend === 'wasm' ? 'face-api.node-wasm.js' : 'face-api.node.js';
  const api = require(`@vladmandic/face-api/dist/${build}`) as FaceApi;
  await chooseBackend(api.tf, backend);
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  await api.nets.tinyFaceDetector.loadFromDisk(folder);
  await api.nets.ssdMobilenetv1.loadFromDisk(folder);
  await api.nets.faceLandmark68Net.loadFromDisk(folder);
  await api.nets.faceRecognitionNet.loadFromDisk(folder);
  return api;
}

/** Finds everybody in a picture, with landmarks and descriptors, through face-api.js' own interface. */
export async function faceApiFaces(api: FaceApi, picture: Picture, options: object): Promise<FaceApiFace[]> {
  const { height, width, pixels } = picture;
  const tensor = api.tf.tensor3d(pixels, [height, width, 3], 'int32');
  try {
    return await api.detectAllFaces(tensor, options).withFaceLandmarks().withFaceDescriptors();
  } finally {
    tensor.dispose();
  }
}

/** face-api.js as a contender. */
export async function loadFaceApi(backend: Backend, picture: Picture): Promise<Loaded> {
  const api = await openFaceApi(backend);
  const tiny = new api.TinyFaceDetectorOptions({ inputSize: liveSize.width, scoreThreshold: 0.5 });
  const ssd = new api.SsdMobilenetv1Options({ minConfidence: 0.5, maxResults: 20 });
  /** Its networks take tensors; making them of the pixels is part of the work, as it is for our engines. */
  const withChips = (
    size: number,
    batch: number,
    use: (chips: Disposable[]) => Promise<unknown>,
  ): Work['run'] => {
    const area = size * size * 3;
    const pixels = chipsOf(picture, size, batch);
    return async () => {
      const chips = Array.from({ length: batch }, (_, i) =>
        api.tf.tensor3d(pixels.subarray(i * area, (i + 1) * area), [size, size, 3]),
      );
      await use(chips);
      for (const chip of chips) chip.dispose();
      return undefined;
    };
  };
  const detectOnly =
    (options: object): Work['run'] =>
    async () => {
      const tensor = api.tf.tensor3d(picture.pixels, [picture.height, picture.width, 3], 'int32');
      await api.detectAllFaces(tensor, options);
      tensor.dispose();
      return undefined;
    };
  const frame =
    (options: object): Work['run'] =>
    async () => {
      await faceApiFaces(api, picture, options);
      return undefined;
    };

  const works: Work[] = [
    { name: 'detect', run: detectOnly(tiny) },
    { name: 'detect-ssd', run: detectOnly(ssd) },
  ];
  for (const batch of [1, 8]) {
    works.push({
      name: `landmarks68/${batch}`,
      run: withChips(112, batch, (chips) => api.nets.faceLandmark68Net.detectLandmarks(chips)),
    });
    works.push({
      name: `dlib-resnet/${batch}`,
      run: withChips(150, batch, (chips) => api.nets.faceRecognitionNet.computeFaceDescriptor(chips)),
    });
  }
  works.push({ name: 'frame', run: frame(tiny) }, { name: 'frame-ssd', run: frame(ssd) });

  const chip = api.tf.tensor3d(chipsOf(picture, 150, 1), [150, 150, 3]);
  const embedding = (await api.nets.faceRecognitionNet.computeFaceDescriptor(chip)) as Float32Array;
  chip.dispose();
  const { version } = require('@vladmandic/face-api/package.json') as { version: string };
  return {
    version,
    works,
    found: {
      frame: (await faceApiFaces(api, picture, tiny)).length,
      'frame-ssd': (await faceApiFaces(api, picture, ssd)).length,
    },
    embedding,
  };
}
