import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sentence, Speech } from '../../server/speech/speech.js';
import { SpokenSentences, type SpokenSentencesOptions } from '../../server/speech/spoken-sentences.js';
import { writeWav } from '../fixtures/wav.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-sounds-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A speech whose sentences are finished by hand, so that order and overlap are the test's to choose. */
class HandSpeech implements Speech {
  readonly name = 'hand';
  readonly asked: { sentence: Sentence; finish: () => void; fail: (error: Error) => void }[] = [];
  describe = () => 'by hand';
  render(sentence: Sentence, signal: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      this.asked.push({ sentence, finish: () => resolve(soundOf(sentence.text)), fail: reject });
    });
  }
}

/** 1000 samples that depend on the text. */
const soundOf = (text: string) =>
  writeWav(Array.from({ length: 1000 }, (_, n) => text.charCodeAt(n % text.length) * 50));
const say = (text: string) => ({ text, language: 'en', voice: null });

async function open(more: Partial<SpokenSentencesOptions> = {}) {
  const speech = new HandSpeech();
  const problems: unknown[] = [];
  const sentences = new SpokenSentences({
    speech,
    folder,
    onProblem: (error) => problems.push(error),
    ...more,
  });
  await sentences.open();
  const asked = (count: number) => vi.waitFor(() => expect(speech.asked).toHaveLength(count));
  /** Announces and renders one. */
  const sayNow = async (text: string) => {
    const key = sentences.announce(say(text))!;
    await asked(speech.asked.length + 1);
    speech.asked.at(-1)!.finish();
    await sentences.spoken(key);
    await vi.waitFor(() => expect(readdirSync(folder)).toContain(`${key}.wav`));
    return key;
  };
  return { speech, sentences, problems, asked, sayNow };
}

test('a sentence is rendered as soon as it is announced, and once for all who ask', async () => {
  const { speech, sentences, asked } = await open();
  const key = sentences.announce(say('Hello'))!;
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  const all = [sentences.spoken(key), sentences.spoken(key)];
  expect(sentences.announce(say('Hello'))).toBe(key);
  await asked(1);
  speech.asked[0].finish();
  for (const sound of await Promise.all([...all, sentences.spoken(key)]))
    expect(Buffer.from(sound!)).toEqual(soundOf('Hello'));
  expect(speech.asked).toHaveLength(1);
  expect(speech.asked[0].sentence).toEqual(say('Hello'));
  await sentences.close();
});

test('words, language and voice make the key', async () => {
  const { sentences } = await open();
  const all = [say('a'), say('b'), { ...say('a'), language: 'de' }, { ...say('a'), voice: 'x' }];
  expect(new Set(all.map((each) => sentences.announce(each))).size).toBe(4);
  await sentences.close();
});

test('only announced sentences can be had', async () => {
  const { sentences } = await open();
  writeFileSync(join(folder, '..wav'), 'x');
  for (const key of ['', 'abc', '../../etc/passwd', 'A'.repeat(64), '0'.repeat(64)]) {
    expect(await sentences.spoken(key)).toBeNull();
  }
});

test('where nothing speaks there is no key', async () => {
  const { sentences } = await open({ speech: null });
  expect(sentences.announce(say('Hello'))).toBeNull();
  expect(await sentences.spoken('0'.repeat(64))).toBeNull();
  await sentences.close();
});

test('no more than two are rendered at a time, the others in order', async () => {
  const { speech, sentences, asked } = await open();
  for (const text of ['a', 'b', 'c', 'd']) sentences.announce(say(text));
  await asked(2);
  const texts = () => speech.asked.map(({ sentence }) => sentence.text).join('');
  const first = texts();
  expect(first).toHaveLength(2);
  speech.asked[0].finish();
  await asked(3);
  speech.asked[1].fail(new Error('x'));
  await asked(4);
  expect(texts().split('').sort()).toEqual(['a', 'b', 'c', 'd']);
  await sentences.close();
});

test('a queue that is full refuses', async () => {
  const { sentences, problems } = await open();
  for (let n = 0; n < 40; n++) sentences.announce(say(`n${n}`));
  await vi.waitFor(() => expect(problems).toHaveLength(40 - 2 - 32));
  expect(problems[0]).toMatchObject({
    code: 'SPEECH_FAILED',
    message: 'Too many sentences wait to be spoken.',
  });
  await sentences.close();
});

test('a failure is told to whoever asks, and the next who asks has another try', async () => {
  const { speech, sentences, problems, asked } = await open();
  const fault = new Error('hoarse');
  const key = sentences.announce(say('Hello'))!;
  const first = sentences.spoken(key);
  await asked(1);
  speech.asked[0].fail(fault);
  await expect(first).rejects.toBe(fault);
  expect(problems).toEqual([fault]);
  const second = sentences.spoken(key);
  await asked(2);
  speech.asked[1].finish();
  expect(await second).not.toBeNull();
  await sentences.close();
});

test('closing ends what is being rendered, without a complaint', async () => {
  const { sentences, problems, asked } = await open();
  const key = sentences.announce(say('Hello'))!;
  const waiting = sentences.spoken(key);
  await asked(1);
  await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'SPEECH_FAILED' }), sentences.close()]);
  expect(problems).toEqual([]);
  expect(sentences.announce(say('Hello'))).toBeNull();
});

describe('on disk', () => {
  test('a sentence outlives the server, for its owner only', async () => {
    const before = await open();
    const key = await before.sayNow('Hello');
    await before.sentences.close();
    expect(readdirSync(folder)).toEqual([`${key}.wav`]);
    if (process.platform !== 'win32') expect(statSync(join(folder, `${key}.wav`)).mode & 0o777).toBe(0o600);
    const after = await open();
    expect(after.sentences.announce(say('Hello'))).toBe(key);
    expect(Buffer.from((await after.sentences.spoken(key))!)).toEqual(soundOf('Hello'));
    expect(after.speech.asked).toEqual([]);
    await after.sentences.close();
  });

  test('a torn file is made anew', async () => {
    const before = await open();
    const key = await before.sayNow('Hello');
    await before.sentences.close();
    writeFileSync(join(folder, `${key}.wav`), Buffer.alloc(2048));
    const after = await open();
    expect(await after.sayNow('Hello')).toBe(key);
    await after.sentences.close();
    expect(readFileSync(join(folder, `${key}.wav`))).toEqual(soundOf('Hello'));
  });

  test('the least recently used go when it is full', async () => {
    const bytes = soundOf('x').length;
    const { sentences, sayNow } = await open({ diskBytes: 2 * bytes, memoryBytes: 0 });
    const [a, b] = [await sayNow('a'), await sayNow('b')];
    for (const key of [a, b]) utimesSync(join(folder, `${key}.wav`), new Date(0), new Date(0));
    await sentences.spoken(a);
    const c = await sayNow('c');
    await sentences.close();
    expect(readdirSync(folder).sort()).toEqual([`${a}.wav`, `${c}.wav`].sort());
  });

  test('what a killed server left unfinished is cleared away; what is not ours stays', async () => {
    writeFileSync(join(folder, `${'0'.repeat(64)}.wav.123`), 'x');
    writeFileSync(join(folder, 'note.txt'), 'x');
    await open();
    expect(readdirSync(folder)).toEqual(['note.txt']);
  });

  test('that cannot be written costs no sound', async () => {
    rmSync(folder, { recursive: true });
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, 'a file stands where the folder should');
    const { speech, sentences, problems, asked } = await open();
    const key = sentences.announce(say('Hello'))!;
    const sound = sentences.spoken(key);
    await asked(1);
    speech.asked[0].finish();
    expect(Buffer.from((await sound)!)).toEqual(soundOf('Hello'));
    await sentences.close();
    expect(problems.length).toBeGreaterThan(0);
    expect(speech.asked).toHaveLength(1);
  });
});
