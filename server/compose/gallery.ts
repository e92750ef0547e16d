import { Worker } from 'node:worker_threads';
import type { Log } from '../base/log.js';
import { workerBeside } from '../base/worker.js';
import { SwitchIndex } from '../identities/gallery/switch-index.js';
import type { LaunchGallery } from '../identities/gallery/thread-index.js';
import type { GalleryMode } from '../identities/gallery/thread-messages.js';

/** Starts the gallery's thread, with the engines that are composed into it. */
export const launchGallery: LaunchGallery = (setup) =>
  new Worker(workerBeside(import.meta.url, './gallery.worker'), { workerData: setup });

/** Opens the gallery's index for embeddings of `length` numbers. Nothing is started before it is large. */
export function composeGallery(mode: GalleryMode, log: Log): (length: number) => SwitchIndex {
  return (length) => new SwitchIndex({ length, mode, launch: launchGallery, log });
}
