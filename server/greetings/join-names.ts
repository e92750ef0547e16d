/**
 * Names as one would say them: "Ada", "Ada and Bo", "Ada, Bo and Cy", "Ada, Bo und Cy".
 *
 * English is joined the British way whatever its region, without a comma before "and". A language that the
 * runtime does not know is joined as English.
 *
 * @param language BCP 47 tag of the sentence that the names stand in
 */
export function joinNames(names: readonly string[], language: string): string {
  return listFormat(language).format(names);
}

function listFormat(language: string): Intl.ListFormat {
  const english = /^en(-|$)/i.test(language);
  try {
    return new Intl.ListFormat(english ? 'en-GB' : [language, 'en-GB'], {
      style: 'long',
      type: 'conjunction',
    });
  } catch {
    // A malformed tag is reported when the configuration is read; a person at the door is greeted all the same.
    return new Intl.ListFormat('en-GB', { style: 'long', type: 'conjunction' });
  }
}
