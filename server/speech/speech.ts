/** What is to be said. */
export interface Sentence {
  /** Plain text; markup and control characters in it are not obeyed. */
  text: string;
  /** BCP 47 tag of the text, for example "en-GB", "de", "is". */
  language: string;
  /** Name of the wanted voice; null, or a name that this speech does not know, takes one of the language. */
  voice: string | null;
  /** How fast, 0.5 to 2; 1 is the usual pace. */
  rate?: number;
}

/** CONTRACT: turns a sentence into sound, off the main thread. test/speech/speech.contract.ts holds it. */
export interface Speech {
  /** Short and stable, for example "espeak-ng". */
  readonly name: string;
  /** One line for `gatehouse doctor`: which program, version, how many voices. */
  describe(): string;
  /**
   * The sentence as a WAV file: PCM, 16 bit, mono, with a header whose sizes are right.
   *
   * Rejects with SPEECH_FAILED where it cannot be said, and with the signal's reason after an abort; either
   * way no process is left behind by then.
   */
  render(sentence: Sentence, signal: AbortSignal): Promise<Uint8Array>;
}
