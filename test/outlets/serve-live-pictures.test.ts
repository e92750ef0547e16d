import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { drawRgbPlainly } from '../../server/frames/to-rgb.js';
import { END, type MadePicture } from '../../server/outlets/live-picture-messages.js';
import { serveLivePictures } from '../../server/outlets/serve-live-pictures.js';
import { greyFrame } from '../fixtures/yuv.js';

it('makes the pictures of cameras of two sizes in one buffer each, however often they take turns', async () => {
  const { port1: here, port2: there } = new MessageChannel();
  const drawnInto: Uint8Array[] = [];
  serveLivePictures(there, (picture, rgb) => {
    drawnInto.push(rgb);
    drawRgbPlainly(picture, rgb);
  });
  const pictures = [greyFrame({ width: 64, height: 36 }, 60), greyFrame({ width: 32, height: 18 }, 180)];
  for (let id = 0; id < 6; id += 1) {
    const { width, height, planes, matrix } = pictures[id % 2];
    here.postMessage({ id, camera: 'door', picture: { width, height, planes, matrix } });
    const [made] = (await once(here, 'message')) as [MadePicture];
    expect(made).toMatchObject({ id, camera: 'door', problem: null });
  }
  expect(drawnInto).toHaveLength(6);
  expect(new Set(drawnInto).size).toBe(2);
  here.postMessage(END);
  await once(here, 'close');
});
