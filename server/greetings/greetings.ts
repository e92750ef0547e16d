import { Observable, type OperatorFunction, type Subscription } from 'rxjs';
import { momentOf, type Clock } from '../base/clock.js';
import type { Draft, GreetingEvent } from '../events/event.js';
import { greet, nextDue, type GreetSettings } from './greet.js';
import { nobodyGreeted, type GreetingInput, type GreetingState } from './greeting.js';

export interface GreetingsOptions extends GreetSettings {
  clock: Clock;
  /** What is remembered at the start; left out: nobody was greeted yet. */
  remembered?: GreetingState;
}

/**
 * Recognised visits in, greetings out: each when its gathering is due. Ends with its source; people who are
 * still being gathered then are not greeted, for there is nobody left to say it.
 */
export function greetings(options: GreetingsOptions): OperatorFunction<GreetingInput, Draft<GreetingEvent>> {
  const { clock } = options;
  return (inputs) =>
    new Observable((subscriber) => {
      let state = options.remembered ?? nobodyGreeted;
      let timer: Subscription | undefined;

      const step = (input: GreetingInput) => {
        const outcome = greet(state, input, momentOf(clock), options);
        state = outcome.state;
        // The timer first: a subscriber may feed the next input in while it handles a greeting.
        timer?.unsubscribe();
        const due = nextDue(state);
        if (due !== null) {
          // Node's timers may fire a fraction of a millisecond early: then this waits once more.
          const wait = Math.max(1, Math.ceil(due - clock.monotonic()));
          timer = clock.scheduler.schedule(() => tryStep({ type: 'tick' }), wait);
        }
        for (const greeting of outcome.greetings) subscriber.next(greeting);
      };

      const tryStep = (input: GreetingInput) => {
        try {
          step(input);
        } catch (error) {
          subscriber.error(error);
        }
      };
      const source = inputs.subscribe({
        next: tryStep,
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      return () => {
        source.unsubscribe();
        timer?.unsubscribe();
      };
    });
}
