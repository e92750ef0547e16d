import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Scope } from '../base/scope.js';
import { cameraConfigs, type Config } from '../config.js';
import { writeDemoPeople } from '../demo/enrolment.js';
import { openIdentities, type Identities } from '../identities/identities.js';
import { lowdbStore } from '../identities/stores/lowdb.js';
import { composeGallery } from './gallery.js';
import type { ComposedRecognition } from './recognition.js';

/** Narrower faces than this make no good enrolment, pixels. */
export const MIN_ENROLMENT_FACE = 60;

/** Folders of photos: the configured one and, where a camera shows a drawn scene, that of the drawn people. */
export async function composePeopleFolders(config: Config, data: string): Promise<string[]> {
  if (!cameraConfigs(config).some(({ source }) => source.kind === 'demo')) return [config.people];
  const drawn = join(data, 'demo', 'people');
  await mkdir(drawn, { recursive: true });
  await writeDemoPeople(drawn);
  return [config.people, drawn];
}

/** Everybody who is enrolled. */
export async function composePeople(parts: {
  config: Config;
  folders: readonly string[];
  data: string;
  recognition: ComposedRecognition;
  clock: Clock;
  log: Log;
  scope: Scope;
}): Promise<Identities> {
  const { config, folders, data, clock, log, scope } = parts;
  const { recogniser, adaptation } = parts.recognition;
  const identities = await openIdentities({
    folders: [...folders],
    store: lowdbStore(data, () => clock.wall()),
    recognise: async (picture) => (await recogniser.recognise([picture], { profile: 'photo' }))[0],
    network: recogniser.network,
    embeddingLength: recogniser.embeddingLength,
    openIndex: composeGallery(config.recognition.gallery, log),
    ...(adaptation.transform ? { transform: adaptation.transform } : {}),
    minFace: MIN_ENROLMENT_FACE,
    clock,
    log,
  });
  await scope.add('identities', () => identities.close());
  log.info(
    { samples: identities.gallery.samples, index: identities.gallery.description },
    'the gallery is ready',
  );
  return identities;
}
