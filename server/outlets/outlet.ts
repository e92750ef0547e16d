import type { GatehouseEvent } from '../events/event.js';

/** CONTRACT: something that events are sent to, once they stand in the journal. It never makes anybody wait. */
export interface Outlet {
  readonly name: string;
  send(event: GatehouseEvent): void;
  close(): Promise<void>;
}
