import { momentOf, type Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { CameraConfig } from '../config.js';
import type { GreetingEvent } from '../events/event.js';
import type { CameraGreeting, SoundOf } from '../greetings/greeting.js';
import type { GreetingsOptions } from '../greetings/greetings.js';
import { rememberGreetings } from '../greetings/remember-greetings.js';
import type { EventHistory } from '../outlets/outlet.js';
import { findSpeech } from '../speech/find-speech.js';
import { SpokenSentences } from '../speech/spoken-sentences.js';

/** This much of the journal is looked through for people who were greeted lately. */
const HISTORY = 5_000;

export interface ComposedGreetings {
  settings: Omit<GreetingsOptions, 'clock'>;
  /**
   * Looks for something that speaks, the first time that one of these cameras wants it. Nobody waits for that: a sentence
   * that comes sooner has no sound of the server's, and desks use their own voices.
   */
  findVoice(cameras: readonly CameraConfig[]): void;
  /** WAV of a sentence that a greeting named; null for any other key. */
  spoken(key: string): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** How each camera greets, who was greeted before the last stop, and how sentences become sound. */
export async function composeGreetings(parts: {
  /** A camera as it is configured now. */
  camera(id: string): CameraConfig | undefined;
  /** Where spoken sentences are kept. */
  folder: string;
  history: EventHistory;
  clock: Clock;
  log: Log;
}): Promise<ComposedGreetings> {
  const { clock, log } = parts;
  const sentences = new SpokenSentences({
    speech: null,
    folder: parts.folder,
    onProblem: (error) => log.warn({ err: error }, 'a sentence could not be spoken or kept'),
  });
  await sentences.open();
  const closing = new AbortController();
  let search: Promise<void> | null = null;
  const find = async (): Promise<void> => {
    try {
      const { speech, trials } = await findSpeech({ signal: closing.signal });
      for (const { name, used, reason } of trials)
        log.info({ name, reason }, used ? 'speech' : 'speech passed over');
      if (speech) sentences.speakBy(speech);
    } catch (err) {
      if (!closing.signal.aborted) log.warn({ err }, 'the search for something that speaks failed');
    }
  };
  const soundOf: SoundOf = (sentence) => {
    const key = sentences.announce(sentence);
    return key === null ? null : `/api/speech/${key}.wav`;
  };

  return {
    settings: {
      greetingOf: (id) => {
        const config = parts.camera(id);
        return config ? cameraGreeting(config) : { kind: 'off' };
      },
      soundOf,
      remembered: rememberGreetings(await pastGreetings(parts.history), momentOf(clock)),
    },
    findVoice(cameras) {
      if (cameras.some(({ greeting }) => greeting.kind === 'speech')) search ??= find();
    },
    spoken: (key) => sentences.spoken(key),
    async close() {
      closing.abort();
      await search;
      await sentences.close();
    },
  };
}

async function pastGreetings(history: EventHistory): Promise<GreetingEvent[]> {
  const found: GreetingEvent[] = [];
  for await (const event of history.since(Math.max(history.oldest - 1, history.last - HISTORY))) {
    if (event.type === 'greeting') found.push(event);
  }
  return found;
}

function cameraGreeting({ id, name, greeting }: CameraConfig): CameraGreeting {
  if (greeting.kind === 'off') return { kind: 'off' };
  const common = {
    name,
    volume: greeting.volume,
    cooldownMs: greeting.cooldownSeconds * 1000,
    gatherMs: greeting.gatherSeconds * 1000,
    quietHours: greeting.quietHours,
  };
  return greeting.kind === 'clip'
    ? { ...common, kind: 'clip', url: `/api/cameras/${id}/clip` }
    : {
        ...common,
        kind: 'speech',
        phrase: greeting.phrase,
        language: greeting.language,
        voice: greeting.voice,
      };
}
