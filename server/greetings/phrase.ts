/** What may stand in braces in a phrase. */
export const placeholders = ['names', 'camera'] as const;
type Placeholder = (typeof placeholders)[number];

const BRACED = /\{([^{}]*)\}/g;

export const defaultPhrase = 'Welcome {names}, have a nice day!';

/** Puts values in the place of `{names}` and `{camera}`. A value that holds braces itself is taken literally. */
export function fillPhrase(phrase: string, values: Readonly<Record<Placeholder, string>>): string {
  return phrase.replace(BRACED, (braced, name: string) => (isPlaceholder(name) ? values[name] : braced));
}

/**
 * What is wrong with a phrase and its language, in the operator's words; empty where nothing is. Meant for
 * the time when the configuration is read, since a greeting is a bad moment to find out.
 */
export function checkPhrase(phrase: string, language?: string): string[] {
  const faults: string[] = [];
  if (phrase.trim() === '') faults.push('the phrase is empty');
  for (const [braced, name] of phrase.matchAll(BRACED)) {
    if (!isPlaceholder(name)) faults.push(`${braced} is not known; a phrase may hold ${known()}`);
  }
  if (/[{}]/.test(phrase.replace(BRACED, '')))
    faults.push(`a brace stands alone; a phrase may hold ${known()}`);
  if (language !== undefined && !isLanguageTag(language)) {
    faults.push(`"${language}" is not a language tag; expected one such as "en-GB", "de" or "is"`);
  }
  return faults;
}

function isPlaceholder(name: string): name is Placeholder {
  return (placeholders as readonly string[]).includes(name);
}

function known(): string {
  return placeholders.map((name) => `{${name}}`).join(' and ');
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
