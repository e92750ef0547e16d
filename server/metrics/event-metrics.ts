import type { GatehouseEvent } from '../events/event.js';
import type { Instruments } from './instruments.js';
import { LATENCY_SECONDS } from './recognition-metrics.js';

/** What is told of events as they are announced. */
export interface EventMeter {
  /** @param writtenMs from the event being there to it being written and handed to the outlets */
  announced(event: GatehouseEvent, writtenMs: number): void;
}

/** What comes out: visits, greetings, enrolments, and how long after the frame. */
export function eventMetrics(instruments: Instruments): EventMeter {
  const visits = instruments.counter(
    'visits_total',
    'Visits that began, came to a verdict (recognised, unknown) or ended',
    ['camera', 'state'],
  );
  const greetings = instruments.counter('greetings_total', 'Greetings that were announced', ['camera']);
  const enrolments = instruments.counter('enrolments_total', 'People who were enrolled or enrolled anew');
  const refused = instruments.counter('photos_refused_total', 'Photos that could not be enrolled, and why', [
    'code',
  ]);
  const latency = instruments.histogram(
    'frame_to_event_seconds',
    "From a frame's arrival to the event that it brought about being handed to the outlets",
    LATENCY_SECONDS,
    ['camera'],
  );

  return {
    announced(event, writtenMs) {
      switch (event.type) {
        case 'visit.started':
        case 'visit.recognised':
        case 'visit.unknown':
          latency.observe({ camera: event.camera }, (event.latencyMs + writtenMs) / 1000);
          visits.inc({ camera: event.camera, state: event.type.slice('visit.'.length) });
          break;
        case 'visit.ended':
          // Time brought it about, no frame.
          visits.inc({ camera: event.camera, state: 'ended' });
          break;
        case 'greeting':
          greetings.inc({ camera: event.camera });
          break;
        case 'person.enrolled':
          enrolments.inc();
          break;
        case 'photo.refused':
          refused.inc({ code: event.code });
          break;
        default:
      }
    },
  };
}
