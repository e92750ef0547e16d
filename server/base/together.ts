import type { Scope } from './scope.js';

type Beginnings<T extends readonly unknown[]> = {
  [Key in keyof T]: (signal: AbortSignal) => Promise<T[Key]>;
};

/**
 * Begins several parts at once and resolves to all of them. Rejects with the first that fails, or when `signal` is
 * aborted. Closing `scope` asks those that are still at it to give up, and waits for them; what one of them adds to the
 * scope after that is closed at once.
 */
export async function together<T extends readonly unknown[]>(
  scope: Scope,
  signal: AbortSignal,
  parts: Beginnings<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const abort = (): void => giveUp.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const begun = parts.map((begin) => begin(giveUp.signal));
  const settled = Promise.allSettled(begun);
  await scope.add('what was being started', async () => {
    giveUp.abort();
    await settled;
  });
  const done = await Promise.all(begun);
  signal.throwIfAborted();
  return done as unknown as T;
}
