import type { MessagePort } from 'node:worker_threads';
import { asGatehouseError } from '../../base/errors.js';
import { growIndex, type GrowOptions } from './grow-index.js';
import type { Member } from '../gallery-index.js';
import { END, type Answer, type PlainError, type Request, type ThreadSetup } from './thread-messages.js';

/** Progress of building is told this often at most, ms. */
const TELL_EVERY = 1_000;

/**
 * Serves an index on a worker's port: says `ready`, then answers requests until it is told to end. What computes is
 * handed in by the worker's entry.
 */
export async function serveIndex(
  port: MessagePort,
  setup: ThreadSetup,
  tools: Pick<GrowOptions, 'openProduct' | 'openNear'>,
): Promise<void> {
  const say = (answer: Answer): void => port.postMessage(answer);
  let told = 0;
  const onProgress = (done: number, total: number): void => {
    if (done < total && performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    say({ kind: 'state', description: index.description, problem: index.problem, progress: { done, total } });
  };
  const index = await growIndex({ ...setup, ...tools, onProgress });

  let description = index.description;
  const handle = async (request: Request): Promise<void> => {
    const { id } = request;
    try {
      if (request.kind === 'search') {
        say({ kind: 'found', id, neighbours: await index.search(request.probes, request.k) });
        return;
      }
      await index.update({ put: membersOf(request, setup.length), remove: request.remove });
      if (index.description !== description) {
        description = index.description;
        say({ kind: 'state', description, problem: index.problem, progress: null });
      }
      say({ kind: 'updated', id });
    } catch (thrown) {
      say({ kind: 'failed', id, error: plain(thrown) });
    }
  };
  const underWay = new Set<Promise<void>>();
  port.on('message', (message: Request | typeof END) => {
    if (message === END) {
      void Promise.all(underWay)
        .then(() => index.close())
        .finally(() => port.close());
      return;
    }
    const work = handle(message).finally(() => underWay.delete(work));
    underWay.add(work);
  });
  say({ kind: 'ready', description, problem: index.problem });
}

/** An error on its way out of a thread. */
export function plain(thrown: unknown): PlainError {
  const { code, message, remedy } = asGatehouseError(thrown, 'GALLERY_FAILED', 'Report this with the log.');
  return { code, message, remedy };
}

function membersOf(request: Extract<Request, { kind: 'update' }>, length: number): Member[] {
  let row = 0;
  return request.people.map((person, at) => ({
    ...person,
    embeddings: Array.from({ length: request.counts[at] }, () => {
      row += 1;
      return request.embeddings.subarray((row - 1) * length, row * length);
    }),
  }));
}
