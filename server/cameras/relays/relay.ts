import type { SourceFault } from '../source.js';

/** Something on loopback that ffmpeg opens in a camera's stead. */
export interface Relay {
  /** What ffmpeg opens: an address on this machine, without credentials. */
  readonly url: string;
  /** Why the camera's side failed, where that is known. */
  fault(): SourceFault | null;
  /** Closes everything; harmless twice. */
  close(): Promise<void>;
}
