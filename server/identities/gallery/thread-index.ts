import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { GatehouseError } from '../../base/errors.js';
import { checkMembers, countProbes, type GalleryIndex, type Member } from '../gallery-index.js';
import { gatherSearches } from './gather-searches.js';
import { END, type Answer, type PlainError, type Request, type ThreadSetup } from './thread-messages.js';

/** Starts the worker whose entry calls `serveIndex`. */
export type LaunchGallery = (setup: ThreadSetup) => Worker;

/** Numbers that are packed for one message, so that packing keeps the event loop for less than a millisecond: 256 KB. */
const MESSAGE_NUMBERS = 2 ** 16;
/** Longest that the thread may take over what it has in hand when it is to end, ms. */
const END_MS = 3_000;

/** What a thread says of itself without being asked. */
export type ThreadState = Extract<Answer, { kind: 'state' }>;

export interface ThreadIndex extends GalleryIndex {
  readonly problem: string | null;
  /** Resolves when the thread is gone, whether it died or was closed. */
  readonly gone: Promise<void>;
}

/**
 * An index in a thread of its own. Searches that are asked for while one is under way are put together into one,
 * for eight probes cost the index little more than one. Rejects with whatever the thread refused, or GALLERY_FAILED.
 */
export async function startThreadIndex(
  launch: LaunchGallery,
  setup: ThreadSetup,
  onState: (state: ThreadState) => void = () => undefined,
): Promise<ThreadIndex> {
  const { length } = setup;
  const worker = launch(setup);
  let failure: unknown = null;
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    worker.on('error', (error) => (failure = error));
    worker.once('exit', () => {
      isGone = true;
      resolve();
    });
  });
  const first = await Promise.race([
    once(worker, 'message') as Promise<[Answer]>,
    gone.then(() => null),
  ]).catch(() => null);
  const ready = first?.[0];
  if (ready?.kind !== 'ready') {
    await worker.terminate();
    throw ready?.kind === 'refused' ? asError(ready.error) : died(failure);
  }

  let { description, problem } = ready;
  let samples = 0;
  const counts = new Map<string, number>();
  let nextId = 1;
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  worker.on('message', (answer: Answer) => {
    if (answer.kind === 'state') {
      ({ description, problem } = answer);
      onState(answer);
    } else if ('id' in answer) {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.kind === 'failed') asked?.reject(asError(answer.error));
      else asked?.resolve(answer);
    }
  });
  void gone.then(() => {
    for (const { reject } of waiting.values()) reject(died(failure));
    waiting.clear();
  });
  const ask = (request: Request, handedOver: ArrayBuffer[]): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (isGone) {
        reject(died(failure));
        return;
      }
      waiting.set(request.id, { resolve, reject });
      worker.postMessage(request, handedOver);
    });

  const put = async (remove: readonly string[], members: readonly Member[]): Promise<void> => {
    const rows = members.reduce((sum, member) => sum + member.embeddings.length, 0);
    const embeddings = new Float32Array(rows * length);
    let row = 0;
    for (const member of members)
      for (const embedding of member.embeddings) embeddings.set(embedding, row++ * length);
    const people = members.map(({ id, name }) => ({ id, name }));
    const each = Uint32Array.from(members, (member) => member.embeddings.length);
    await ask({ kind: 'update', id: nextId++, remove, people, counts: each, embeddings }, [
      embeddings.buffer,
    ]);
    for (const id of remove) count(id, 0);
    for (const member of members) count(member.id, member.embeddings.length);
  };
  const count = (id: string, rows: number): void => {
    samples += rows - (counts.get(id) ?? 0);
    if (rows === 0) counts.delete(id);
    else counts.set(id, rows);
  };

  const searches = gatherSearches(length, async (probes, k) => {
    const answer = await ask({ kind: 'search', id: nextId++, probes, k }, [probes.buffer as ArrayBuffer]);
    return (answer as Extract<Answer, { kind: 'found' }>).neighbours;
  });

  return {
    gone,
    get description() {
      return description;
    },
    get problem() {
      return problem;
    },
    get samples() {
      return samples;
    },
    async update({ put: members, remove }) {
      for (const some of inMessages(members, length)) {
        checkMembers(some, length);
        await nextTurn();
      }
      let removed = remove;
      for (const some of inMessages(members, length)) {
        await put(removed, some);
        removed = [];
        await nextTurn();
      }
      if (removed.length > 0) await put(removed, []);
    },
    async search(probes, k) {
      countProbes(probes, length);
      return searches.search(probes, k);
    },
    async close() {
      await searches.idle();
      if (isGone) return;
      worker.postMessage(END);
      // Asked first, for a thread that is ended in the middle of native code takes the whole process with it.
      const alarm = setTimeout(() => void worker.terminate(), END_MS);
      await gone;
      clearTimeout(alarm);
    },
  };
}

/** Whole people a message, so that between two messages nobody is there in part. */
function* inMessages(members: readonly Member[], length: number): Generator<Member[]> {
  let some: Member[] = [];
  let numbers = 0;
  for (const member of members) {
    some.push(member);
    numbers += member.embeddings.length * length;
    if (numbers < MESSAGE_NUMBERS) continue;
    yield some;
    [some, numbers] = [[], 0];
  }
  if (some.length > 0) yield some;
}

function died(failure: unknown): GatehouseError {
  return new GatehouseError(
    'GALLERY_FAILED',
    `the gallery's thread died: ${failure instanceof Error ? failure.message : 'it ended without a word'}`,
    'It is started anew by itself; if this comes again, report it with the log.',
    { cause: failure },
  );
}

function asError({ code, message, remedy }: PlainError): GatehouseError {
  return new GatehouseError(code, message, remedy);
}
