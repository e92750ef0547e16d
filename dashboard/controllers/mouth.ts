import type { GreetingEvent } from '../../server/events/event.js';
import type { Server } from '../server.js';
import type { Mouth } from './greetings.js';
import type { Speaker } from './speaker.js';
import { findVoice, speak, VoiceFailed } from './voice.js';

/** Voices arrive some time after the page; on systems that have none, never. */
const voices = (): SpeechSynthesisVoice[] => ('speechSynthesis' in window ? speechSynthesis.getVoices() : []);

/** Says greetings with this browser: a clip as it is, a sentence by the browser's voice, else as the server's sound. */
export class BrowserMouth implements Mouth {
  readonly #server: Server;
  readonly #speaker: Speaker;
  /** 0..1, the desk's own volume; sounds of the server pass the speaker, which has it too. */
  volume = 1;
  /** A voice that has failed once is not waited for again before every greeting. */
  #voiceBroken = false;

  constructor(server: Server, speaker: Speaker) {
    this.#server = server;
    this.#speaker = speaker;
    // The first call makes browsers fetch their list of voices.
    voices();
  }

  unlock(): Promise<boolean> {
    return this.#speaker.unlock();
  }

  async say(greeting: GreetingEvent, signal: AbortSignal): Promise<void> {
    const voice =
      greeting.clip || this.#voiceBroken ? null : findVoice(voices(), greeting.language, greeting.voice);
    if (voice !== null && greeting.text !== null) {
      try {
        await speak(greeting.text, voice, greeting.volume * this.volume, signal);
        return;
      } catch (error) {
        if (!(error instanceof VoiceFailed) || greeting.audio === null) throw asRefusal(error);
        this.#voiceBroken = error.reason !== 'not-allowed';
      }
    }
    if (greeting.audio === null) throw new Error('No voice in this browser, and no sound from the server.');
    await this.#speaker.play(await this.#server.bytes(greeting.audio), greeting.volume, signal);
  }
}

/** Speech has its own word for what every other sound calls NotAllowedError. */
function asRefusal(error: unknown): unknown {
  if (error instanceof VoiceFailed && error.reason === 'not-allowed') {
    return new DOMException(error.message, 'NotAllowedError');
  }
  return error;
}
