/** A voice that does not begin within this time never will (a known state of Chromium's speech engine). */
const BEGIN_MS = 3_000;
const LONGEST_MS = 30_000;

/** The browser does not speak: `reason` is the engine's error code, e.g. `synthesis-failed` or `not-allowed`. */
export class VoiceFailed extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`The browser's voice failed: ${reason}`);
    this.reason = reason;
  }
}

/**
 * The browser's voice for `language` (BCP 47): one whose name contains `wanted` first, then one of exactly that
 * tag, then one of the same language elsewhere ("en-GB" for "en-US"). Null where there is none.
 */
export function findVoice(
  voices: readonly SpeechSynthesisVoice[],
  language: string,
  wanted: string | null,
): SpeechSynthesisVoice | null {
  const tag = (lang: string) => lang.toLowerCase().replace('_', '-');
  const primary = tag(language).split('-')[0];
  const speakers = voices.filter((voice) => tag(voice.lang).split('-')[0] === primary);
  return (
    (wanted === null
      ? undefined
      : speakers.find((voice) => voice.name.toLowerCase().includes(wanted.toLowerCase()))) ??
    speakers.find((voice) => tag(voice.lang) === tag(language)) ??
    speakers.at(0) ??
    null
  );
}

/** Has the browser say `text` to its end, or until `signal`. Volume is 0..1. Rejects with VoiceFailed. */
export function speak(
  text: string,
  voice: SpeechSynthesisVoice,
  volume: number,
  signal: AbortSignal,
): Promise<void> {
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.volume = volume;
  return new Promise<void>((resolve, reject) => {
    const fail = (reason: string) => {
      finish();
      speechSynthesis.cancel();
      reject(new VoiceFailed(reason));
    };
    const stop = () => {
      finish();
      speechSynthesis.cancel();
      resolve();
    };
    let timer = setTimeout(() => fail('never-began'), BEGIN_MS);
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      utterance.onend = utterance.onerror = utterance.onstart = null;
    };
    utterance.onstart = () => {
      clearTimeout(timer);
      timer = setTimeout(() => fail('never-ended'), LONGEST_MS);
    };
    utterance.onend = () => {
      finish();
      resolve();
    };
    utterance.onerror = ({ error }) => fail(error);
    signal.addEventListener('abort', stop, { once: true });
    speechSynthesis.speak(utterance);
  });
}
