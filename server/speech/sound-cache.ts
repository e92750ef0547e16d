import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { mendWav } from './mend-wav.js';

export interface SoundCacheOptions {
  /** Made if it is not there. */
  folder: string;
  /** Bytes on disk beyond which the least recently used go. */
  diskBytes?: number;
  /** Bytes in memory beyond which the least recently used go. */
  memoryBytes?: number;
  /** Told of a disk that cannot be written: sounds then live in memory alone. */
  onProblem?: (error: unknown) => void;
}

const SOUND = /^[0-9a-f]{64}\.wav$/;
/** What write-file-atomic leaves behind when the process is killed while it writes. */
const UNFINISHED = /^[0-9a-f]{64}\.wav\.\d+$/;

/**
 * Sounds by key (64 hex digits) in `folder`/KEY.wav, with the latest in memory. Nothing in it is precious: a
 * file that is missing, torn or too much is made anew.
 */
export class SoundCache {
  readonly #options: Required<SoundCacheOptions>;
  /** In order of use, the latest last. */
  readonly #memory = new Map<string, Uint8Array>();
  #memoryBytes = 0;
  #pruning: Promise<void> = Promise.resolve();

  constructor(options: SoundCacheOptions) {
    this.#options = { diskBytes: 64 << 20, memoryBytes: 8 << 20, onProblem: () => undefined, ...options };
  }

  /** Makes the folder and clears away what was left unfinished; a disk that refuses is no reason to stop. */
  async open(): Promise<void> {
    const { folder, onProblem } = this.#options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const left = (await readdir(folder)).filter((file) => UNFINISHED.test(file));
      await Promise.all(left.map((file) => rm(join(folder, file), { force: true })));
    } catch (error) {
      onProblem(error);
    }
  }

  async get(key: string): Promise<Uint8Array | null> {
    const known = this.#memory.get(key);
    if (known) {
      this.#keep(key, known);
      return known;
    }
    const path = this.#path(key);
    try {
      const sound = mendWav(await readFile(path));
      const now = new Date();
      // The time of the file is the time of its last use; where it cannot be set, age decides.
      await utimes(path, now, now).catch(() => undefined);
      this.#keep(key, sound);
      return sound;
    } catch {
      // Not there, or not a whole sound: put() writes over it.
      return null;
    }
  }

  async put(key: string, sound: Uint8Array): Promise<void> {
    this.#keep(key, sound);
    try {
      // Not synced: what a power cut takes is made anew.
      await writeFileAtomic(this.#path(key), Buffer.from(sound), { fsync: false, mode: 0o600 });
      this.#pruning = this.#pruning.then(() => this.#prune());
      await this.#pruning;
    } catch (error) {
      this.#options.onProblem(error);
    }
  }

  #keep(key: string, sound: Uint8Array): void {
    this.#drop(key);
    this.#memory.set(key, sound);
    this.#memoryBytes += sound.length;
    for (const oldest of this.#memory.keys()) {
      if (this.#memoryBytes <= this.#options.memoryBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#memoryBytes -= this.#memory.get(key)?.length ?? 0;
    this.#memory.delete(key);
  }

  async #prune(): Promise<void> {
    const { folder, diskBytes, onProblem } = this.#options;
    try {
      const names = (await readdir(folder)).filter((name) => SOUND.test(name));
      const files = await Promise.all(
        names.map(async (name) => {
          const { size, mtimeMs } = await stat(join(folder, name));
          return { name, size, mtimeMs };
        }),
      );
      let bytes = files.reduce((sum, file) => sum + file.size, 0);
      for (const file of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
        if (bytes <= diskBytes) break;
        await rm(join(folder, file.name), { force: true });
        bytes -= file.size;
      }
    } catch (error) {
      onProblem(error);
    }
  }

  #path(key: string): string {
    if (!SOUND.test(`${key}.wav`)) throw new RangeError('a key is 64 hex digits');
    return join(this.#options.folder, `${key}.wav`);
  }
}
