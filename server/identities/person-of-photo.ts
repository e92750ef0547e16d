import type { Person } from './person.js';

/** `skuli.2`, `skuli (2)`: a number that only keeps two photos of one person apart. */
const COUNTER = /(?<=\S)(?:\.\d{1,4}| ?\(\d{1,4}\))$/u;

/**
 * Who a photo is of, from its path below the people folder alone.
 *
 * - `skuli.jpg` is skuli; `ada-lovelace/front.png` and anything deeper is ada-lovelace: the first folder
 *   names the person, a photo in no folder names its own.
 * - `skuli.2.jpg` and `skuli (2).jpg` are further photos of skuli. Other numbers belong to the name:
 *   `agent-47.jpg` is Agent 47.
 * - Unicode stays (`josé.jpg` is José); composed and decomposed spellings are one person, for macOS writes
 *   the one and everybody else the other.
 */
export function personOfPhoto(photo: string): Person {
  const [first = '', ...rest] = photo.normalize('NFC').split('/');
  return personOfName(rest.length > 0 ? first : withoutCounter(first.replace(/\.[^.]+$/u, '')));
}

/**
 * Id and display name of a file name without its ending, a folder name, or a name as typed.
 * The id is lower case with dashes. `-` and `_` stand for spaces unless there are spaces already
 * (`ada-lovelace` is Ada Lovelace, `Anne-Marie Olsen` keeps her dash), and only a name all in lower case
 * is given capitals (`McDonald` and `de la Cruz-Ó` stay as typed).
 */
export function personOfName(written: string): Person {
  const stem = written.normalize('NFC').trim();
  const id = stem
    .toLowerCase()
    .replace(/[\s_-]+/gu, '-')
    .replace(/^-+|-+$/gu, '');
  const spaced = (/\s/u.test(stem) ? stem : stem.replace(/[_-]+/gu, ' ')).replace(/\s+/gu, ' ').trim();
  const name =
    spaced === spaced.toLowerCase()
      ? spaced.replace(/(?<![\p{L}\p{M}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase())
      : spaced;
  return { id: id || stem, name: name || stem };
}

/** A file name without the number that keeps two photos of one person apart. */
export function withoutCounter(stem: string): string {
  return stem.replace(COUNTER, '');
}
