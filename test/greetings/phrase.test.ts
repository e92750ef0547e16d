import { describe, expect, test } from 'vitest';
import { cameraConfigs, configSchema } from '../../server/config.js';
import { joinNames } from '../../server/greetings/join-names.js';
import { checkPhrase, defaultPhrase, fillPhrase } from '../../server/greetings/phrase.js';
import { isQuiet } from '../../server/greetings/quiet-hours.js';

describe('joinNames', () => {
  test.each([
    ['en', ['Ada'], 'Ada'],
    ['en', ['Ada', 'Bo'], 'Ada and Bo'],
    ['en', ['Ada', 'Bo', 'Cy'], 'Ada, Bo and Cy'],
    ['en-US', ['Ada', 'Bo', 'Cy'], 'Ada, Bo and Cy'],
    ['en-GB', ['Ada', 'Bo', 'Cy', 'Di'], 'Ada, Bo, Cy and Di'],
    ['de', ['Ada', 'Bo', 'Cy'], 'Ada, Bo und Cy'],
    ['is', ['Ada', 'Bo', 'Cy'], 'Ada, Bo og Cy'],
    ['fr-CA', ['Ada', 'Bo', 'Cy'], 'Ada, Bo et Cy'],
    ['es', ['Ada', 'Inés'], 'Ada e Inés'],
    ['ja', ['Ada', 'Bo', 'Cy'], 'Ada、Bo、Cy'],
    ['xx', ['Ada', 'Bo', 'Cy'], 'Ada, Bo and Cy'],
    ['not a language', ['Ada', 'Bo'], 'Ada and Bo'],
  ])('%s %j', (language, names, sentence) => expect(joinNames(names, language)).toBe(sentence));
});

describe('phrases', () => {
  test('every placeholder is filled, wherever and however often it stands', () => {
    expect(fillPhrase('{names}! {names} at {camera}', { names: 'Ada', camera: 'Door' })).toBe(
      'Ada! Ada at Door',
    );
  });

  test('a name is taken literally, whatever it holds', () => {
    expect(fillPhrase('Hi {names}', { names: '$& {camera}', camera: 'Door' })).toBe('Hi $& {camera}');
  });

  test.each([
    [defaultPhrase, undefined, []],
    ['Good morning!', 'de', []],
    ['Hi {name}', undefined, ['{name} is not known; a phrase may hold {names} and {camera}']],
    ['Hi {}', undefined, ['{} is not known; a phrase may hold {names} and {camera}']],
    ['Hi {names', undefined, ['a brace stands alone; a phrase may hold {names} and {camera}']],
    ['  ', undefined, ['the phrase is empty']],
    ['Hi', 'en_GB', ['"en_GB" is not a language tag; expected one such as "en-GB", "de" or "is"']],
  ])('%j in %s: %j', (phrase, language, faults) => expect(checkPhrase(phrase, language)).toEqual(faults));

  test('the configuration falls back on the same phrase', () => {
    const config = configSchema.parse({ cameras: [{ id: 'a', source: { kind: 'demo', scene: 'a' } }] });
    expect(cameraConfigs(config)[0].greeting).toMatchObject({ kind: 'speech', phrase: defaultPhrase });
    expect(checkPhrase(defaultPhrase, 'en')).toEqual([]);
  });
});

describe('quiet hours', () => {
  const at = (time: string) => Date.parse(`2030-06-01T${time}:00Z`);
  test.each([
    ['22:00', '07:00', '21:59', false],
    ['22:00', '07:00', '22:00', true],
    ['22:00', '07:00', '00:00', true],
    ['22:00', '07:00', '06:59', true],
    ['22:00', '07:00', '07:00', false],
    ['12:00', '13:30', '11:59', false],
    ['12:00', '13:30', '12:00', true],
    ['12:00', '13:30', '13:30', false],
    ['08:00', '08:00', '03:00', true],
    ['00:00', '06:00', '00:00', true],
  ])('%s to %s, at %s: %s', (from, to, time, quiet) => {
    expect(isQuiet({ from, to }, at(time), 'UTC')).toBe(quiet);
  });

  test('summer time is followed', () => {
    const hours = { from: '22:00', to: '23:00' };
    expect(isQuiet(hours, at('20:30'), 'Europe/Berlin')).toBe(true);
    expect(isQuiet(hours, Date.parse('2030-01-01T20:30:00Z'), 'Europe/Berlin')).toBe(false);
  });
});
