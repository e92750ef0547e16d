/** One line of what `espeak-ng --voices` prints. */
export interface EspeakVoice {
  /** Lower case, for example "en-gb". */
  language: string;
  /** For example "English_(Great_Britain)". */
  name: string;
  /** Further languages it speaks; the smaller the number the rather. Lower case. */
  others: readonly { language: string; priority: number }[];
}

const LINE = /^\s*\d+\s+(\S+)\s+\S+\s+(\S+)\s+\S+\s*(.*)$/;
const OTHER = /\((\S+)\s+(\d+)\)/g;

/** Reads the table of voices; the heading and lines that are not understood are left out. */
export function readVoices(table: string): EspeakVoice[] {
  return table.split(/\r?\n/).flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [, language, name, rest] = match;
    const others = [...rest.matchAll(OTHER)].map(([, other, priority]) => ({
      language: other.toLowerCase(),
      priority: Number(priority),
    }));
    return [{ language: language.toLowerCase(), name, others }];
  });
}

/** Where one written language goes by several tags, or is read best by its neighbour. */
const KIN: Record<string, string> = { nn: 'nb', no: 'nb', nb: 'no', tl: 'fil', iw: 'he', in: 'id', sh: 'hr' };
const LAST_RESORT = ['en-gb', 'en'];
/** A variant changes the timbre of any voice, for example "+f3"; espeak ignores one that it does not have. */
const VARIANT = /^([^+]*)(\+[A-Za-z0-9_-]{1,20})?$/;

/**
 * The value of espeak's `-v` for a wanted voice and language. Only names from the table come out (and a
 * variant), so that nothing an operator writes is taken for an option or a path.
 *
 * In order: the wanted voice by name or tag; the language as it is ("pt-BR"); without its region ("de" for
 * "de-AT"), or a region of it ("fr-fr" for "fr"); its nearest kin; English, for a name said with an
 * accent is better than none.
 *
 * @returns null where there is no voice at all
 */
export function chooseVoice(
  voices: readonly EspeakVoice[],
  language: string,
  wanted: string | null,
): string | null {
  const [, base, variant = ''] = VARIANT.exec(wanted ?? '') ?? ['', '', ''];
  const named = voices.find((voice) => same(voice.name, base) || same(voice.language, base));
  if (named) return named.language + variant;
  const tags = [...shortened(language.toLowerCase().replaceAll('_', '-')), ...LAST_RESORT];
  for (const tag of tags) {
    const voice = speaks(voices, tag) ?? speaks(voices, KIN[tag] ?? '');
    if (voice) return voice.language + variant;
  }
  return voices[0] ? voices[0].language + variant : null;
}

/** "zh-hans-cn" gives itself, "zh-hans" and "zh". */
function shortened(tag: string): string[] {
  const parts = tag.split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

function speaks(voices: readonly EspeakVoice[], tag: string): EspeakVoice | undefined {
  if (tag === '') return undefined;
  const exact = voices.find((voice) => voice.language === tag);
  if (exact) return exact;
  const among = voices.flatMap((voice) =>
    voice.others.filter((other) => other.language === tag).map(({ priority }) => ({ voice, priority })),
  );
  const best = among.sort((a, b) => a.priority - b.priority).at(0);
  return best?.voice ?? voices.find((voice) => voice.language.startsWith(`${tag}-`));
}

function same(name: string, wanted: string): boolean {
  return wanted !== '' && name.toLowerCase() === wanted.trim().toLowerCase().replaceAll(' ', '_');
}
