import { describe, expect, test } from 'vitest';
import { chooseVoice, readVoices } from '../../server/speech/espeak-voices.js';
import { longestText, plainText } from '../../server/speech/plain-text.js';

// The form of espeak-ng's table, and one line of the older espeak's.
const TABLE = `Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  cmn             --/M      Chinese_(Mandarin) sit/cmn              (zh-cmn 5)(zh 5)
 5  de              --/M      German             gmw/de
 5  en-029          --/M      English_(Caribbean) gmw/en-029           (en 10)
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  fr-be           --/M      French_(Belgium)   roa/fr-BE            (fr 8)
 5  fr-fr           --/M      French_(France)    roa/fr               (fr 5)
 5  is              --/M      Icelandic          gmq/is
 5  nb              --/M      Norwegian_Bokmål  gmq/nb               (no 5)
 5  pt              --/M      Portuguese_(Portugal) roa/pt               (pt-pt 5)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
 5  vi-vn-x-south   --/M      Vietnamese_(Southern) aav/vi-VN-x-south
 5  sv             M  swedish              europe/sv
`;
const voices = readVoices(TABLE);

describe('chooseVoice', () => {
  test.each([
    ['en-GB', null, 'en-gb'],
    ['en-US', null, 'en-us'],
    ['en', null, 'en-gb'],
    ['en-AU', null, 'en-gb'],
    ['de-AT', null, 'de'],
    ['fr', null, 'fr-fr'],
    ['fr-CA', null, 'fr-fr'],
    ['fr-BE', null, 'fr-be'],
    ['is-IS', null, 'is'],
    ['pt-BR', null, 'pt-br'],
    ['pt-AO', null, 'pt'],
    ['zh-Hans-CN', null, 'cmn'],
    ['no', null, 'nb'],
    ['nn-NO', null, 'nb'],
    ['vi', null, 'vi-vn-x-south'],
    ['sv', null, 'sv'],
    ['en_US', null, 'en-us'],
    ['tlh', null, 'en-gb'],
    ['', null, 'en-gb'],
    ['de', 'Icelandic', 'is'],
    ['de', 'English (America)', 'en-us'],
    ['de', 'en-US', 'en-us'],
    ['de', 'en-US+f3', 'en-us+f3'],
    ['de', '+f3', 'de+f3'],
    ['de', 'Hedda', 'de'],
    ['de', '--help', 'de'],
    ['de', '../x', 'de'],
    ['de', 'is+../../x', 'de'],
  ])('%s, wanting %s: %s', (language, wanted, voice) =>
    expect(chooseVoice(voices, language, wanted)).toBe(voice),
  );

  test('takes any voice where there is no English, and none where there is none', () => {
    expect(chooseVoice(readVoices(' 5  is  --/M  Icelandic  gmq/is\n'), 'de', null)).toBe('is');
    expect(chooseVoice([], 'de', null)).toBeNull();
  });
});

describe('plainText', () => {
  test.each([
    ['  Welcome\t Ada,\r\nhave\u0000 a \u001b[31m day\u202e ', 'Welcome Ada, have a 31m day'],
    ['Hi <break time="5s"/><x>Ada</x>', 'Hi Ada'],
    ['a < b > [[h@l]] {c} \\d | e', 'a h@l c d e'],
    ['\ud800lone', 'lone'],
    ['A\u0301da', 'Áda'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['\n', ''],
  ])('%j becomes %j', (text, plain) => expect(plainText(text)).toBe(plain));

  test('what is too long ends at a word', () => {
    const plain = plainText('welcome '.repeat(1000));
    expect(plain).toBe('welcome '.repeat(75).trim());
    expect(plainText('x'.repeat(5000))).toHaveLength(longestText);
    expect(plainText(`x${'👋'.repeat(5000)}`)).toMatch(/^x(👋)+$/u);
  });
});
