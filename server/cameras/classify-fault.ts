import type { ErrorCode } from '../base/errors.js';
import { redactText } from '../base/redact.js';
import { SourceFault } from './source.js';

/** How far a source had come: it waited for an answer, for the first picture, or had delivered pictures. */
export type Phase = 'answer' | 'picture' | 'live';

/** What an ffmpeg that ended left behind. */
export interface Remains {
  /** Last lines of stderr, in order, as `-loglevel level+verbose` marks them. */
  readonly lines: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly phase: Phase;
  /** What was opened, in the operator's words and without credentials: "192.0.2.7:554", "/dev/video0". */
  readonly where: string;
  /** What kind of thing it is. */
  readonly kind: 'camera' | 'webcam' | 'file';
  /** Whether a user name and password are configured. */
  readonly credentials: boolean;
  /** Passwords and the like, for removal from whatever is quoted. */
  readonly secrets: readonly string[];
}

interface Rule {
  readonly code: ErrorCode;
  readonly retry: 'soon' | 'slowly';
  readonly when: RegExp;
  readonly kinds?: readonly Remains['kind'][];
  readonly phases?: readonly Phase[];
  readonly say: (remains: Remains) => string;
}

/** Read from top to bottom; the first rule that fits names the fault. */
const rules: readonly Rule[] = [
  {
    code: 'CAMERA_UNAUTHORISED',
    retry: 'slowly',
    when: /\b401\b|unauthori[sz]ed/i,
    say: ({ credentials }) =>
      credentials
        ? 'The camera refuses the user name or password.'
        : 'The camera asks for a user name and password, and none are configured.',
  },
  {
    code: 'CAMERA_UNAUTHORISED',
    retry: 'slowly',
    when: /\b403\b|forbidden/i,
    kinds: ['camera'],
    say: () => 'The camera does not let this user see the stream.',
  },
  {
    code: 'CAMERA_NOT_FOUND',
    retry: 'slowly',
    when: /\b404\b|\b410 gone\b/i,
    kinds: ['camera'],
    say: ({ where }) => `${where} answers, but has no stream at this path.`,
  },
  {
    code: 'CAMERA_FAILED',
    retry: 'slowly',
    when: /\b461\b|unsupported transport|nonmatching transport/i,
    say: () => 'The camera refuses this transport: choose the other of tcp and udp.',
  },
  {
    code: 'CAMERA_FAILED',
    retry: 'soon',
    when: /\b(453|503)\b|server returned 5xx|not enough bandwidth|service unavailable/i,
    kinds: ['camera'],
    say: () => 'The camera is busy: it serves as many viewers as it can.',
  },
  {
    code: 'CAMERA_UNREACHABLE',
    retry: 'soon',
    when: /connection refused/i,
    say: ({ where }) => `Nothing answers at ${where}: the connection is refused.`,
  },
  {
    code: 'CAMERA_UNREACHABLE',
    retry: 'soon',
    when: /no route to host|network is unreachable|host is (down|unreachable)|cannot assign requested address/i,
    say: ({ where }) => `There is no way to ${where} on the network.`,
  },
  {
    code: 'CAMERA_UNREACHABLE',
    retry: 'soon',
    when: /failed to resolve hostname|name or service not known|name resolution|unknown host/i,
    say: ({ where }) => `The name of ${where} cannot be resolved.`,
  },
  {
    code: 'CAMERA_NO_VIDEO',
    retry: 'slowly',
    when: /matches no streams|does not contain any stream|no video stream/i,
    say: ({ kind }) => `The ${kind} delivers no video track.`,
  },
  {
    code: 'CAMERA_NO_VIDEO',
    retry: 'soon',
    when: /could not find codec parameters|unspecified size|dimensions not set|unable to (open|find) .*decoder|decoder .*not found/i,
    kinds: ['camera'],
    phases: ['answer', 'picture'],
    say: () => 'The camera does not say in which format its pictures are.',
  },
  {
    // An RTSP connection that stayed silent ends in these words.
    code: 'CAMERA_NO_ANSWER',
    retry: 'soon',
    when: /\brtsps?:URL invalid data found/i,
    phases: ['answer'],
    say: ({ where }) => `${where} does not answer.`,
  },
  {
    code: 'CAMERA_NO_VIDEO',
    retry: 'slowly',
    when: /\bhttps?:URL invalid data found/i,
    phases: ['answer'],
    say: ({ where }) => `${where} answers, but not with a video.`,
  },
  {
    code: 'CAMERA_STALLED',
    retry: 'soon',
    when: /timed out/i,
    phases: ['live', 'picture'],
    say: () => 'No picture arrives any more, although the connection stands.',
  },
  {
    code: 'CAMERA_NO_ANSWER',
    retry: 'soon',
    when: /timed out/i,
    say: ({ where }) => `${where} does not answer.`,
  },
  {
    code: 'CAMERA_NOT_FOUND',
    retry: 'soon',
    when: /no such (file or directory|device)|cannot find a proper|could not find video device|video device not found/i,
    kinds: ['webcam'],
    say: ({ where }) => `There is no webcam ${where}: it is not plugged in, or named differently.`,
  },
  {
    code: 'CAMERA_NOT_FOUND',
    retry: 'slowly',
    when: /no such file or directory/i,
    say: ({ where }) => `${where} does not exist.`,
  },
  {
    code: 'CAMERA_FAILED',
    retry: 'soon',
    when: /device or resource busy|already in use|could not (run|start) (graph|filter)/i,
    kinds: ['webcam'],
    say: ({ where }) => `Another program uses the webcam ${where}.`,
  },
  {
    code: 'CAMERA_UNAUTHORISED',
    retry: 'slowly',
    when: /permission denied|not authorized|operation not permitted/i,
    say: ({ where }) => `Gatehouse may not open ${where}.`,
  },
  {
    code: 'CAMERA_NO_VIDEO',
    retry: 'slowly',
    when: /invalid data found|is a directory|moov atom not found|end of file/i,
    kinds: ['file'],
    say: ({ where }) => `${where} is not a video that can be read.`,
  },
];

/**
 * Names the fault of a source whose ffmpeg ended, in the operator's words. Pure.
 *
 * A process that ends is always a fault: ffmpeg exits 0 when a camera drops the connection.
 */
export function classifyFault(remains: Remains): SourceFault {
  const { lines, phase, kind } = remains;
  const errors = lines.filter((line) => /\[(error|fatal|panic)\]/.test(line));
  for (const rule of rules) {
    if (rule.kinds && !rule.kinds.includes(kind)) continue;
    if (rule.phases && !rule.phases.includes(phase)) continue;
    // What an hour-long stream once said is not why it ended: of a live one only the last words count.
    const heard = phase === 'live' ? errors.slice(-3) : errors;
    if (heard.some((line) => rule.when.test(withoutUrls(line)))) {
      return new SourceFault(rule.code, clean(rule.say(remains), remains), rule.retry);
    }
  }
  if (phase === 'live') {
    const what =
      kind === 'webcam' ? 'The webcam was unplugged or taken away.' : 'The camera closed the connection.';
    return new SourceFault('CAMERA_DROPPED', kind === 'file' ? 'The file ended unexpectedly.' : what);
  }
  const last = errors.at(-1);
  if (last === undefined && remains.exitCode === 0) {
    return new SourceFault(
      'CAMERA_DROPPED',
      `${remains.where} closed the connection before the first picture.`,
    );
  }
  const how =
    remains.signal === null ? `exit code ${remains.exitCode ?? 'unknown'}` : `signal ${remains.signal}`;
  const said =
    last === undefined
      ? `ffmpeg ended with ${how}`
      : `ffmpeg says: ${last.replace(/^.*?\[(error|fatal|panic)\]\s*/, '')}`;
  return new SourceFault('CAMERA_FAILED', clean(`The ${kind} cannot be opened; ${said}.`, remains));
}

/** A URL may hold anything ("/404/forbidden.mp4") and must not decide what the fault is. */
function withoutUrls(line: string): string {
  return line.replace(/\b([a-z][a-z0-9+.-]*:)\/\/\S+/gi, '$1URL');
}

function clean(text: string, remains: Remains): string {
  return redactText(text, remains.secrets);
}
