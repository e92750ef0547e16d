import { connect, filter, merge, type OperatorFunction } from 'rxjs';
import type { Draft } from '../events/event.js';
import type { GreetingInput } from '../greetings/greeting.js';
import { greetings, type GreetingsOptions } from '../greetings/greetings.js';

/** Adds the greetings that recognitions call for to the events that go by. */
export function greet(options: GreetingsOptions): OperatorFunction<Draft, Draft> {
  return connect((drafts) => merge(drafts, drafts.pipe(filter(concernsGreetings), greetings(options))));
}

function concernsGreetings(draft: Draft): draft is Draft & GreetingInput {
  return draft.type === 'visit.recognised' || draft.type === 'person.removed';
}
