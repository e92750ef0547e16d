import type { GatehouseEvent } from '../events/event.js';

/** CONTRACT: something that events are sent to, once they stand in the journal. It never makes anybody wait. */
export interface Outlet {
  readonly name: string;
  send(event: GatehouseEvent): void;
  close(): Promise<void>;
}

/** What has happened so far, as outlets that catch up read it. */
export interface EventHistory {
  /** Sequence of the newest event; 0 before the first. */
  readonly last: number;
  /** Sequence of the oldest event that is kept; last + 1 where none is. */
  readonly oldest: number;
  /** Every kept event after `seq`, oldest first, with bounded memory. */
  since(seq: number): AsyncIterable<GatehouseEvent>;
}
