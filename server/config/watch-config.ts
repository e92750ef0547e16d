import { watch } from 'chokidar';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import {
  debounceTime,
  firstValueFrom,
  merge,
  NEVER,
  Observable,
  Subject,
  timer,
  type SchedulerLike,
} from 'rxjs';
import { asGatehouseError, type GatehouseError } from '../base/errors.js';
import type { Config } from '../config.js';
import { parseConfig, readConfigText } from './read-config.js';

/** The file as it was read: a configuration, or why it is none. */
export type ConfigReading = { config: Config; error: null } | { config: null; error: GatehouseError };

export interface WatchConfigOptions {
  environment: NodeJS.ProcessEnv;
  scheduler: SchedulerLike;
  /** The file is read once nothing has happened to it for this long, ms. */
  settleMs?: number;
  /** It is read this often even without a sign of change, ms: network shares and some mounts do not tell. */
  rescanMs?: number;
  /** Each emission has it read and told anew, changed or not. */
  again?: Observable<unknown>;
  onError(error: unknown): void;
}

/** In a mounted config map the file is a link through this one, which is what changes. */
const MOUNT_LINK = '..data';

/**
 * Reads the configuration now and whenever the file has changed: written in place, replaced by rename, or reached
 * through a link that was put elsewhere. Each reading is told once, the newest only. A file that is wrong is looked at
 * twice before that is told, for it may be half written.
 *
 * Unsubscribing leaves no watcher and no timer. Never errors.
 */
export function watchConfig(file: string, options: WatchConfigOptions): Observable<ConfigReading> {
  const { environment, scheduler, settleMs = 150, rescanMs = 3_000, again = NEVER } = options;
  return new Observable<ConfigReading>((subscriber) => {
    /** What was told last; null before the first reading. */
    let told: string | null = null;
    let wanted = false;
    let reading = false;
    const over = new Subject<void>();

    const look = async (): Promise<void> => {
      const first = await attempt(file, environment);
      if (first.mark === told) return;
      if (first.error) {
        await firstValueFrom(merge(timer(settleMs, scheduler), over), { defaultValue: null });
        const second = await attempt(file, environment);
        if (second.mark !== first.mark || second.writtenAt !== first.writtenAt) {
          wanted = true;
          return;
        }
      }
      if (subscriber.closed) return;
      told = first.mark;
      subscriber.next(first);
    };
    const want = async (): Promise<void> => {
      wanted = true;
      if (reading) return;
      reading = true;
      while (takeWish()) await look();
      reading = false;
    };
    const takeWish = (): boolean => {
      const wish = wanted && !subscriber.closed;
      wanted = false;
      return wish;
    };

    subscriber.add(() => over.next());
    subscriber.add(
      merge(
        signs(file, options).pipe(debounceTime(settleMs, scheduler)),
        timer(0, rescanMs, scheduler),
      ).subscribe(() => void want()),
    );
    subscriber.add(
      again.subscribe(() => {
        told = null;
        void want();
      }),
    );
  });
}

/** Whenever something may have happened to the file. */
function signs(file: string, options: WatchConfigOptions): Observable<unknown> {
  return new Observable<unknown>((subscriber) => {
    const path = resolve(file);
    const folder = dirname(path);
    // The folder, since a file that is replaced is another file; links as such, since it is they that change.
    const watcher = watch(folder, {
      ignoreInitial: true,
      depth: 0,
      followSymlinks: false,
      ignored: (each) => each !== folder && each !== path && basename(each) !== MOUNT_LINK,
    });
    watcher.on('all', () => subscriber.next(null));
    watcher.on('error', (error) => options.onError(error));
    return () => void watcher.close();
  });
}

/** `mark` is the same as long as the reading is; `writtenAt` tells that it was written anew all the same, ms. */
async function attempt(
  file: string,
  environment: NodeJS.ProcessEnv,
): Promise<ConfigReading & { mark: string; writtenAt: number | null }> {
  const writtenAt = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  let text = '';
  try {
    text = await readConfigText(file);
    return { config: parseConfig(text, file, environment), error: null, mark: `right ${text}`, writtenAt };
  } catch (thrown) {
    const error = asGatehouseError(thrown);
    return { config: null, error, mark: `wrong ${error.message} ${text}`, writtenAt };
  }
}
