/** Longest text that is spoken, UTF-16 units: about 40 seconds. */
export const longestText = 600;

// \p{C}: control, format, surrogate, private and unassigned. Joiners carry meaning in Persian and in Hindi.
const UNSPEAKABLE = /(?![\u200c\u200d])\p{C}/gu;
const MARKUP = /<[^<>]*>/g;
/** `[[...]]` would be read as phonemes, a lone `<` as the start of markup. */
const COMMANDS = /[<>[\]{}\\|]/g;

/**
 * Text that a synthesiser reads and never obeys: control characters, markup and phoneme commands are taken
 * out, white space is folded, and what is too long ends at a word.
 */
export function plainText(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(UNSPEAKABLE, ' ')
    .replace(MARKUP, ' ')
    .replace(COMMANDS, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.length <= longestText) return plain;
  const cut = plain.slice(0, longestText + 1);
  const space = cut.lastIndexOf(' ');
  // A cut within a surrogate pair would leave half a character.
  return (space > 0 ? cut.slice(0, space) : cut.slice(0, longestText)).replace(/\p{Cs}/gu, '');
}
