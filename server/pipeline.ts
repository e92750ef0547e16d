import { map, merge, share, takeUntil, type Observable } from 'rxjs';
import type { GatehouseEvent } from './events/event.js';
import { pullBatches } from './frames/pull-batches.js';
import { announce } from './pipeline/announce.js';
import { cameraAttention } from './pipeline/attention.js';
import { cameraStates } from './pipeline/camera-states.js';
import { completeVisits } from './pipeline/complete-visits.js';
import { foldVisits } from './pipeline/fold-visits.js';
import { greet } from './pipeline/greet.js';
import { identifyFaces } from './pipeline/identify-faces.js';
import { recogniseFrames } from './pipeline/recognise-frames.js';
import { identityChanges } from './pipeline/identity-changes.js';
import type { Stages } from './pipeline/stages.js';

/**
 * Each camera's frames, freshest only, batched, are recognised as faces, matched to identities, folded into
 * visits, announced as events, and sent to outlets.
 *
 * Subscribing starts it all. Cameras come and go while it runs. When `stages.stopping` emits, every visit under way is ended and announced, and
 * the pipeline completes.
 */
export function pipeline(stages: Stages): Observable<GatehouseEvent> {
  const { cameras, batch, clock, stopping } = stages;
  const slots = cameras.present.pipe(map((present) => present.map((camera) => camera.slot)));
  const attention = cameraAttention(stages);

  const sightings = pullBatches(slots, batch, clock, recogniseFrames(stages, attention)).pipe(
    identifyFaces(stages, attention),
    takeUntil(stopping),
    share(),
  );
  const visits = sightings.pipe(foldVisits(stages, attention), completeVisits(stages));

  const told = stages.configEvents.pipe(takeUntil(stopping));

  return merge(visits, identityChanges(stages), cameraStates(stages), told).pipe(
    greet(stages.greetings),
    announce(stages),
  );
}
