import { Subscription } from 'rxjs';
import type { Clock } from './clock.js';

/** What comes of something, or `late` where that takes longer than `ms`; it is not ended by that. */
export async function orLate<T>(doing: Promise<T>, ms: number, clock: Clock): Promise<T | 'late'> {
  let alarm = Subscription.EMPTY;
  const late = new Promise<'late'>((resolve) => {
    alarm = clock.scheduler.schedule(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([doing, late]);
  } finally {
    alarm.unsubscribe();
  }
}
