/**
 * Runs tasks, at most `count` at a time and the others in order of their coming. With `waiting` tasks in the
 * queue a further one is refused (the promise of `refuse`'s error), so that a queue never grows for ever.
 */
export function atMost(
  count: number,
  waiting: number,
  refuse: () => Error,
): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (running >= count) {
      if (queue.length >= waiting) throw refuse();
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running++;
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
