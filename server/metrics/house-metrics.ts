import type { Instruments } from './instruments.js';
import { one } from './instruments.js';

/** The rest of the house as the metrics see it. */
export interface HouseReadings {
  readonly version: string;
  readonly engine: string;
  /** The network that makes the embeddings. */
  readonly network: string;
  readonly gallery: { readonly people: number; readonly samples: number };
  /** How many things /health says need a look, beside cameras. */
  problems(): number;
  /** Of the disk that the data folder is on, bytes; null where the system does not tell. */
  disk(): Promise<{ free: number; size: number } | null>;
}

/** What runs here, whom it knows, and how much room is left. */
export function houseMetrics(instruments: Instruments, house: HouseReadings): void {
  const { version, engine, network } = house;
  instruments.readGauge('build_info', '1; what runs here', ['version', 'engine', 'network'], () => [
    [{ version, engine, network }, 1],
  ]);
  instruments.readGauge('problems', 'Things beside cameras that need a look: see /health', [], () =>
    one(house.problems()),
  );
  instruments.readGauge('gallery_people', 'People in the gallery', [], () => one(house.gallery.people));
  instruments.readGauge('gallery_samples', 'Enrolled photos in the gallery', [], () =>
    one(house.gallery.samples),
  );
  const disk = (part: 'free' | 'size') => async () => {
    const found = await house.disk();
    return found ? one(found[part]) : [];
  };
  instruments.readGauge('data_disk_free_bytes', 'Room left on the disk of the data folder', [], disk('free'));
  instruments.readGauge('data_disk_size_bytes', 'Size of the disk of the data folder', [], disk('size'));
}
