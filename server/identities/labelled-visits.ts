import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asGatehouseError, GatehouseError } from '../base/errors.js';
import { faceSize, type Face } from '../faces/face.js';
import type { Picture } from '../frames/frame.js';
import { readPhoto, type RecognisePhoto } from './enrol.js';
import { readPicture } from './read-picture.js';

/** A visit of which somebody said who it was, with the face of its snapshot. */
export interface LabelledFace {
  visit: string;
  /** Id of the person, as `personOfName` makes it; null for somebody whom nobody knows. */
  person: string | null;
  /** As the network made it. */
  embedding: Float32Array;
}

/** One label that is not used. */
export interface LabelProblem {
  /** Line of the file, the first is 1. */
  line: number;
  /** null where the line does not even say. */
  visit: string | null;
  code: string;
  /** In the operator's words. */
  reason: string;
  remedy: string;
}

export interface LabelledVisits {
  /** In the order of the file. */
  faces: LabelledFace[];
  problems: LabelProblem[];
}

export interface LabelledVisitsOptions {
  /** Where visits' snapshots lie, `FOLDER/VISIT.jpg`: `<data>/snapshots`. */
  snapshotsFolder: string;
  recognise: RecognisePhoto;
  /** Told after each label, for a progress bar. */
  onProgress?: (done: number, total: number) => void;
}

/** Sides of a background face, as parts of the widest one's: those are never whom the snapshot was taken of. */
const BACKGROUND = 0.4;
/** A larger file is no list of visits. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads who came: a CSV file of `visit,person` lines, the person an id of the gallery (`ada-lovelace`), empty or `?`
 * for somebody nobody knows. A header, empty lines and lines that start with `#` are passed over, cells may stand in
 * double quotes, and what follows the second comma is not looked at. Each visit's face is taken from its snapshot,
 * thoroughly: of several faces the one in the middle, around which the snapshot was cut.
 *
 * A line that cannot be used is a problem with its number and a code (LABEL_INVALID, SNAPSHOT_MISSING, PHOTO_NO_FACE,
 * PHOTO_CORRUPT ...) and never keeps the others out. Rejects only where the file itself cannot be read: LABELS_UNREADABLE.
 */
export async function readLabelledVisits(
  csvPath: string,
  { snapshotsFolder, recognise, onProgress }: LabelledVisitsOptions,
): Promise<LabelledVisits> {
  const { labels, problems } = parseLabels(await readLabels(csvPath));
  const faces: LabelledFace[] = [];
  for (const [index, { line, visit, person }] of labels.entries()) {
    try {
      const picture = await readPicture(await readSnapshot(snapshotsFolder, visit));
      const { embedding } = middleFace(await recognise(picture), picture);
      if (!embedding) throw new TypeError('the recognise function that was handed in does not embed');
      faces.push({ visit, person, embedding: Float32Array.from(embedding) });
    } catch (thrown) {
      const { code, message, remedy } = asGatehouseError(thrown);
      problems.push({ line, visit, code, reason: message, remedy });
    }
    onProgress?.(index + 1, labels.length);
  }
  return { faces, problems: problems.sort((a, b) => a.line - b.line) };
}

interface Label {
  line: number;
  visit: string;
  person: string | null;
}

/** The labels of a file's text, and the lines that are none. Of two lines that name a visit the second is refused. */
export function parseLabels(text: string): { labels: Label[]; problems: LabelProblem[] } {
  const labels: Label[] = [];
  const problems: LabelProblem[] = [];
  const seen = new Map<string, number>();
  for (const [index, written] of text
    .replace(/^\uFEFF/u, '')
    .split(/\r\n|\r|\n/u)
    .entries()) {
    const line = index + 1;
    if (/^\s*(?:#|$)/u.test(written)) continue;
    const [visit = '', person = null] = cellsOf(written);
    if (labels.length + problems.length === 0 && visit.toLowerCase() === 'visit') continue;
    const refuse = (reason: string, remedy: string) =>
      problems.push({ line, visit: visit || null, code: 'LABEL_INVALID', reason, remedy });
    const earlier = seen.get(visit);
    if (person === null)
      refuse(
        'the line has no comma',
        'Write visit,person; the person stays empty or ? for somebody nobody knows.',
      );
    // What a snapshot's name can be made of: a path in a label leads nowhere.
    else if (!/^[\w-]{1,64}$/u.test(visit))
      refuse(`"${visit.slice(0, 80)}" is no visit`, "Copy the visit's id from the event's `visit`.");
    else if (earlier !== undefined)
      refuse(`line ${earlier} names the visit ${visit} already`, 'Leave one of the two.');
    else {
      seen.set(visit, line);
      labels.push({ line, visit, person: person === '' || person === '?' ? null : person });
    }
  }
  return { labels, problems };
}

/** The cells of one line as RFC 4180 has them; blanks around a cell do not count. */
function cellsOf(line: string): string[] {
  const cells = line.matchAll(/(?:^|,)\s*("(?:[^"]|"")*"(?=\s*(?:,|$))|[^,]*)/gu);
  return [...cells].map(([, cell]) => {
    const plain = cell.trim();
    return /^".*"$/u.test(plain) ? plain.slice(1, -1).replaceAll('""', '"').trim() : plain;
  });
}

async function readLabels(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_BYTES)
      throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new GatehouseError(
      'LABELS_UNREADABLE',
      `the labels ${path} cannot be read: ${isMissing ? 'the file is not there' : (cause as Error).message}`,
      'Name a CSV file of visit,person lines.',
      { cause },
    );
  }
}

async function readSnapshot(folder: string, visit: string): Promise<Uint8Array> {
  try {
    return (await readPhoto(join(folder, `${visit}.jpg`))).bytes;
  } catch (thrown) {
    const error = asGatehouseError(thrown);
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') throw error;
    throw new GatehouseError(
      'SNAPSHOT_MISSING',
      `no snapshot of the visit ${visit} is kept`,
      'Label visits before `journal.keepDays` have passed, from the same data folder.',
    );
  }
}

/** The face around which a snapshot was cut: the one whose middle is nearest to the picture's. */
function middleFace(faces: readonly Face[], picture: Picture): Face {
  const largest = Math.max(...faces.map(({ box }) => faceSize(box)));
  const offCentre = ({ box }: Face): number =>
    Math.hypot(box.x + (box.width - picture.width) / 2, box.y + (box.height - picture.height) / 2);
  const face = faces
    .filter(({ box }) => faceSize(box) > largest * BACKGROUND)
    .reduce<Face | null>((best, each) => (best && offCentre(best) <= offCentre(each) ? best : each), null);
  if (face) return face;
  throw new GatehouseError(
    'PHOTO_NO_FACE',
    'no face was found in the snapshot',
    'Leave the line out: the snapshot is too blurred or too small.',
  );
}
