import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import type { GatehouseEvent } from '../../../server/events/event.js';
import { childrenOf, productFolder, startProduct, type Product } from '../../fixtures/product.js';
import { openCameras, PICTURE } from './cameras.js';
import { carefulClient } from './careful-client.js';
import { changingPeople } from './changing-people.js';
import { checkEvents } from './check-end.js';
import { otherClients } from './other-clients.js';
import { judge, type Judged, type Sample } from './series.js';
import { takeSample } from './take-sample.js';

export interface SoakWish {
  seconds: number;
  cameras: number;
  /** How many times faster than real the scenes are shown. */
  speed: number;
  sampleSeconds: number;
  onSample?: (sample: Sample) => void;
}

export interface ProductSoak {
  engine: string;
  /** Hours of scenes that were sent, all cameras together. */
  streamHours: number;
  samples: Sample[];
  judged: Judged[];
  counts: {
    events: number;
    visits: number;
    recognised: number;
    unknown: number;
    greetings: number;
    enrolments: number;
    removals: number;
    faults: number;
    reconnects: number;
    connections: number;
    returns: number;
    /** Clients that did not read, and whether the server ended them. */
    cutOff: number;
    kept: number;
  };
  /** What went wrong, in words; empty where nothing did. */
  wrong: string[];
  exitCode: number | null;
  stopMs: number;
}

/** Events on disk are limited to this, MiB, so that a short run sees the oldest go. */
const JOURNAL_MB = 0.4;
const FAULT_MS = 1_200;

/**
 * Runs the built product in a folder of its own for a while, with all that happens in years at a desk: people hurry
 * through, cameras are lost in every way, clients come, go, resume and do not read, people are enrolled and removed. Looks at
 * it every few seconds, stops it and says what was not as it should be.
 */
export async function soakProduct(wish: SoakWish): Promise<ProductSoak> {
  const cameras = await openCameras((await findFfmpeg()).path, {
    count: wish.cameras,
    speed: wish.speed,
    faultMs: FAULT_MS,
  });
  const ids = cameras.urls.map((_, index) => `camera-${index + 1}`);
  const place = await productFolder({
    journal: { maxMegabytes: JOURNAL_MB },
    visits: { graceSeconds: 0.6, unknownSeconds: 0.5, unknownFrames: 3, agreeingFrames: 2 },
    defaults: { fps: 10, size: PICTURE, greeting: { cooldownSeconds: 1, gatherSeconds: 0.3 } },
    cameras: cameras.urls.map((url, index) => ({ id: ids[index], source: { kind: 'rtsp', url } })),
  });
  let product: Product | null = null;
  try {
    const people = await changingPeople(place.people, 2_500);
    product = await startProduct(place);
    const began = performance.now();
    const careful = carefulClient(product.url, 4_000);
    const others = otherClients(product.url, ids);
    const samples: Sample[] = [];
    const { engine } = await product.health();
    try {
      for (;;) {
        const next = (samples.length + 1) * wish.sampleSeconds * 1000;
        await wait(Math.max(0, next - (performance.now() - began)));
        if (product.child.exitCode !== null) throw new Error(`the product ended:\n${product.output()}`);
        const sample = {
          seconds: (performance.now() - began) / 1000,
          ...(await takeSample(product, place.data)),
          delay: others.takeDelay(),
          ...count(careful.events),
        };
        samples.push(sample);
        wish.onSample?.(sample);
        if (sample.seconds >= wish.seconds) break;
      }
      await careful.stay();
    } finally {
      others.close();
      await people.close();
    }
    const children = await childrenOf(product.child.pid!);
    const stopped = await product.stop();
    careful.close();
    const { events } = careful;
    const of = (type: GatehouseEvent['type']) => events.filter((event) => event.type === type).length;
    return {
      engine,
      streamHours: ((samples.at(-1)?.seconds ?? 0) * wish.speed * wish.cameras) / 3600,
      samples,
      judged: judge(samples),
      counts: {
        ...count(events),
        recognised: of('visit.recognised'),
        unknown: of('visit.unknown'),
        greetings: of('greeting'),
        enrolments: of('person.enrolled'),
        removals: of('person.removed'),
        faults: cameras.faults,
        connections: others.opened,
        returns: careful.returns,
        cutOff: others.cutOff,
        kept: others.kept,
      },
      wrong: [
        ...careful.complaints,
        ...checkEvents(events),
        ...(others.kept > 0 ? [`${others.kept} clients that did not read were not ended`] : []),
        ...children
          .filter(({ pid }) => existsSync(`/proc/${pid}`))
          .map(({ command }) => `left behind: ${command}`),
        ...(await players(cameras.urls)).map((command) => `an orphan: ${command}`),
      ],
      exitCode: stopped.code,
      stopMs: stopped.ms,
    };
  } finally {
    await product?.stop('SIGKILL');
    await cameras.close();
    await place.remove();
  }
}

function count(events: readonly GatehouseEvent[]): Pick<Sample, 'events' | 'visits' | 'reconnects'> {
  let visits = 0;
  let reconnects = 0;
  const wasLive = new Set<string>();
  for (const event of events) {
    if (event.type === 'visit.started') visits += 1;
    if (event.type !== 'camera.state' || event.state !== 'live') continue;
    if (wasLive.has(event.camera)) reconnects += 1;
    wasLive.add(event.camera);
  }
  return { events: events.length, visits, reconnects };
}

/** Programs, whoever's child, that were started to play one of these streams. */
async function players(urls: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (urls.some((url) => command.includes(url))) found.push(command.replaceAll('\0', ' ').trim());
  }
  return found;
}
