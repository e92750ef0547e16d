import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { standBack } from '../base/stand-back.js';
import { openRgbDrawing } from '../faces/kernels/draw-rgb.js';
import { serveLivePictures } from '../outlets/serve-live-pictures.js';

// The thread of live pictures, with the kernel that makes their colours.

standBack();
// As in compose.ts: they are settings of the whole process, and sharp sets them back where it is loaded once more.
sharp.cache(false);
sharp.concurrency(1);
serveLivePictures(parentPort!, await openRgbDrawing());
