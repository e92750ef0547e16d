import type { Clock } from '../../base/clock.js';
import { SourceFault } from '../source.js';
import { address, connectionFault, connectTo } from './connect.js';

/**
 * Asks an RTSP server whether it is there: one OPTIONS request, any answer will do. A camera that was away is
 * asked this way first, which is cheaper by far than an ffmpeg that finds nobody.
 *
 * Resolves with why not, or null when it answered or the signal was aborted; by then the socket is closed.
 */
export async function knock(
  url: URL,
  withinMs: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<SourceFault | null> {
  if (signal.aborted) return null;
  const where = address(url);
  const socket = connectTo(url);
  return new Promise((resolve) => {
    let answer: SourceFault | null = null;
    const leave = () => socket.destroy();
    const alarm = clock.scheduler.schedule(() => {
      const seconds = (withinMs / 1000).toFixed(1);
      answer = new SourceFault('CAMERA_NO_ANSWER', `No answer from ${where} within ${seconds} s.`);
      leave();
    }, withinMs);
    signal.addEventListener('abort', leave, { once: true });
    socket.write(`OPTIONS rtsp://${where}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Gatehouse\r\n\r\n`);
    socket.on('data', leave);
    socket.on('end', () => {
      answer = new SourceFault('CAMERA_DROPPED', `${where} closed the connection without an answer.`);
    });
    socket.on('error', (error) => {
      answer = connectionFault(error, where);
    });
    socket.on('close', () => {
      alarm.unsubscribe();
      signal.removeEventListener('abort', leave);
      resolve(signal.aborted ? null : answer);
    });
  });
}
