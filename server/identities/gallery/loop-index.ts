import {
  checkMembers,
  countProbes,
  type GalleryIndex,
  type Member,
  type Neighbour,
} from '../gallery-index.js';
import { NearestPeople, squaredDistance } from './nearest-people.js';

/**
 * Every probe against every sample, one after another, on the thread that asks: exact, and the fastest for the few
 * people that most desks know. It defines what the other indexes have to find.
 *
 * @param length numbers of an embedding
 */
export function loopIndex(length: number): GalleryIndex {
  const members = new Map<string, Member>();
  let samples = 0;
  const remove = (id: string): void => {
    samples -= members.get(id)?.embeddings.length ?? 0;
    members.delete(id);
  };
  return {
    description: 'one by one',
    get samples() {
      return samples;
    },
    update: ({ put, remove: gone }) =>
      soon(() => {
        checkMembers(put, length);
        gone.forEach(remove);
        for (const member of put) {
          remove(member.id);
          members.set(member.id, member);
          samples += member.embeddings.length;
        }
      }),
    search: (probes, k) =>
      soon(() =>
        Array.from({ length: countProbes(probes, length) }, (_, probe) =>
          nearestMembers(members.values(), probes.subarray(probe * length, (probe + 1) * length), k),
        ),
      ),
    close: () => soon(() => members.clear()),
  };
}

/** Works in the same turn of the event loop, in the order of the calls; what is thrown rejects. */
function soon<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}

/** The `k` members nearest to a probe; see GalleryIndex.search. */
export function nearestMembers(members: Iterable<Member>, probe: Float32Array, k: number): Neighbour[] {
  const nearest = new NearestPeople(k);
  for (const { id, name, embeddings } of members) {
    let best = nearest.bound;
    let isNear = false;
    for (const embedding of embeddings) {
      const squared = squaredDistance(embedding, 0, probe, 0, probe.length, best);
      if (!(squared <= best)) continue;
      best = squared;
      isNear = true;
    }
    if (isNear) nearest.offer({ id, name }, best);
  }
  return nearest.neighbours();
}
