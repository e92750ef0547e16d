import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { firstValueFrom, from, fromEvent, map, race, timer } from 'rxjs';
import type { Clock } from '../../base/clock.js';
import { address, connectionFault, endpoint } from './connect.js';

const LOOKUP_MS = 4000;

/**
 * The same URL with its host's name replaced by its IP address. ffmpeg is not left to look names up: statically
 * linked builds, the one in the npm package among them, crash on it (SIGSEGV), "localhost" included.
 *
 * @throws SourceFault CAMERA_UNREACHABLE
 */
export async function resolveHost(url: URL, signal: AbortSignal, clock: Clock): Promise<URL> {
  const { host } = endpoint(url);
  const aborted = () => signal.aborted;
  if (isIP(host) || aborted()) return url;
  const where = address(url);
  const unknown = () => connectionFault(Object.assign(new Error('no name'), { code: 'ENOTFOUND' }), where);
  const found = from(
    lookup(host).catch((error: unknown) => {
      throw connectionFault(error as NodeJS.ErrnoException, where);
    }),
  );
  const late = timer(LOOKUP_MS, clock.scheduler).pipe(map(() => null));
  const left = fromEvent(signal, 'abort').pipe(map(() => null));
  const answer = await firstValueFrom(race(found, late, left));
  if (aborted()) return url;
  if (!answer) throw unknown();
  const resolved = new URL(url);
  resolved.hostname = answer.family === 6 ? `[${answer.address}]` : answer.address;
  return resolved;
}
