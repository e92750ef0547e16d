/** The browser refuses sound until somebody has clicked; it says so by never resuming. */
const RESUME_MS = 500;

/**
 * The way of every sound that the desk plays: buffer -> its own volume -> the desk's volume -> analyser ->
 * loudspeaker. The analyser is what the level meter reads, so the meter shows what is really played.
 */
export class Speaker {
  #context: AudioContext | null = null;
  #master: GainNode | null = null;
  #analyser: AnalyserNode | null = null;
  #samples = new Float32Array(0);
  #volume = 1;
  readonly #onStop: () => void;

  /** `onStop`: the browser has taken the sound away (another app's call, a new output device). */
  constructor(onStop: () => void) {
    this.#onStop = onStop;
  }

  get running(): boolean {
    return this.#context?.state === 'running';
  }

  /** 0..1 */
  set volume(volume: number) {
    this.#volume = volume;
    if (this.#master !== null && this.#context !== null) {
      this.#master.gain.setTargetAtTime(volume, this.#context.currentTime, 0.02);
    }
  }

  /** Asks the browser to let sound through; to be called in a click handler. False where it does not. */
  async unlock(): Promise<boolean> {
    const context = this.#context ?? this.#build();
    if (context.state !== 'running') {
      const refused = new Promise<void>((resolve) => setTimeout(resolve, RESUME_MS));
      await Promise.race([context.resume(), refused]).catch(() => undefined);
    }
    return this.running;
  }

  /** Plays a sound file to its end, or until `signal`. Volume is 0..1. Rejects on bytes that are no sound. */
  async play(bytes: ArrayBuffer, volume: number, signal: AbortSignal): Promise<void> {
    const context = this.#context ?? this.#build();
    const buffer = await context.decodeAudioData(bytes);
    if (signal.aborted) return;
    const source = new AudioBufferSourceNode(context, { buffer });
    const gain = new GainNode(context, { gain: volume });
    source.connect(gain).connect(this.#master!);
    await new Promise<void>((resolve) => {
      const stop = () => source.stop();
      signal.addEventListener('abort', stop, { once: true });
      source.onended = () => {
        signal.removeEventListener('abort', stop);
        gain.disconnect();
        resolve();
      };
      source.start();
    });
  }

  /** Root mean square of what is being played this moment, 0..1. */
  level(): number {
    if (this.#analyser === null || !this.running) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.sqrt(sum / this.#samples.length);
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = this.#master = this.#analyser = null;
  }

  #build(): AudioContext {
    const context = new AudioContext({ latencyHint: 'interactive' });
    this.#master = new GainNode(context, { gain: this.#volume });
    this.#analyser = new AnalyserNode(context, { fftSize: 1024 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#master.connect(this.#analyser).connect(context.destination);
    context.onstatechange = () => {
      if (context.state !== 'running' && context.state !== 'closed') this.#onStop();
    };
    this.#context = context;
    return context;
  }
}
