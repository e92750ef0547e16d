import { describe, expect, test } from 'vitest';
import { longestText } from '../../server/speech/plain-text.js';
import type { Sentence, Speech } from '../../server/speech/speech.js';
import { readWav } from './read-wav.js';

/** What every Speech keeps to. `speech` is null where this one does not load; `reason` then says why. */
export function speechContract(name: string, speech: Speech | null, reason: string): void {
  describe.skipIf(speech === null)(`${name} speaks (${reason})`, () => {
    const render = (sentence: Partial<Sentence>, signal = new AbortController().signal) =>
      speech!.render(
        { text: 'Welcome Skúli, have a nice day!', language: 'en-GB', voice: null, ...sentence },
        signal,
      );
    const seconds = async (sentence: Partial<Sentence>) => readWav(await render(sentence)).seconds;

    let greeting: Promise<Uint8Array> | undefined;
    /** The usual sentence, rendered once for all comparisons. */
    const usual = () => (greeting ??= render({}));

    test('tells what it is', () => {
      expect(speech!.name).toMatch(/^[a-z-]+$/);
      expect(speech!.describe()).toMatch(/\d+\.\d+.*, \d{2,} voices/);
    });

    test('a sentence is a WAV of a plausible length that is not silent', async () => {
      const wav = readWav(await usual());
      expect(wav).toMatchObject({ channels: 1, bits: 16, headerIsRight: true });
      expect(wav.rate).toBeGreaterThanOrEqual(16_000);
      expect(wav.seconds).toBeGreaterThan(1.2);
      expect(wav.seconds).toBeLessThan(5);
      expect(wav.rms).toBeGreaterThan(0.02);
    });

    test.each(['de-AT', 'is', 'xx-unknown', 'not a tag'])('language %s', async (language) => {
      expect(readWav(await render({ language, text: 'Ada, Bo og Cy' })).rms).toBeGreaterThan(0.02);
    });

    test('languages sound differently, the same sentence does not', async () => {
      const [english, icelandic, again] = [await usual(), await render({ language: 'is' }), await render({})];
      expect(Buffer.compare(english, again)).toBe(0);
      expect(Buffer.compare(english, icelandic)).not.toBe(0);
    });

    test('a longer text takes longer, a slower pace too', async () => {
      const { seconds: plain } = readWav(await usual());
      expect(
        await seconds({ text: 'Welcome Ada, Bo, Cy, Di and Ed, have a very nice day indeed!' }),
      ).toBeGreaterThan(plain * 1.5);
      expect(await seconds({ rate: 0.6 })).toBeGreaterThan(plain * 1.3);
      expect(await seconds({ rate: 1.6 })).toBeLessThan(plain * 0.8);
    });

    test.each([
      '--version',
      '; touch /tmp/x `id` $(id)',
      "[[h@l'oU]]",
      '名前 Ωμέγα Þór 👋',
      'null\0byte\nnew line',
    ])('text is said and never obeyed: %j', async (text) => {
      expect(readWav(await render({ text })).rms).toBeGreaterThan(0.01);
    });

    test.each(['--help', '../../etc/passwd', 'Google UK English Female'])(
      'a voice that is none falls back on the language: %s',
      async (voice) => {
        expect(Buffer.compare(await render({ voice }), await usual())).toBe(0);
      },
    );

    test('markup is not obeyed', async () => {
      expect(await seconds({ text: 'Hello <break time="5s"/> Ada' })).toBeLessThan(3);
    });

    test('a text without end is cut', async () => {
      expect(await seconds({ text: 'welcome '.repeat(10_000) })).toBeLessThan(longestText / 5);
    });

    test('nothing to say is refused', async () => {
      await expect(render({ text: ' <x/> \n' })).rejects.toMatchObject({ code: 'SPEECH_FAILED' });
    });

    test('an abort ends it with the reason', async () => {
      const reason = new Error('enough');
      await expect(render({}, AbortSignal.abort(reason))).rejects.toBe(reason);
      const abort = new AbortController();
      const rendering = render({ text: 'welcome '.repeat(70) }, abort.signal);
      abort.abort(reason);
      await expect(rendering).rejects.toBe(reason);
    });
  });
}
