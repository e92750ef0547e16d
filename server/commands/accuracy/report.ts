import type { ErrorCode } from '../../base/errors.js';
import { version } from '../../base/version.js';
import { curvePoints, distanceLimit, type CurvePoint } from '../../evaluation/error-curve.js';
import { groupByFolder } from '../../evaluation/group-by-folder.js';
import { histogram, type Histogram } from '../../evaluation/histogram.js';
import { judge, type Judgement } from '../../evaluation/judge.js';
import type { PairsFile, PicturePair } from '../../evaluation/pairs.js';
import { toScores, type ScoredPair } from '../../evaluation/scores.js';
import type { Recogniser } from '../../faces/recogniser.js';
import type { EmbeddedPictures } from './embed-pictures.js';

/** What `bench accuracy --json` prints: docs/accuracy.md explains every field. */
export interface AccuracyReport {
  version: 1;
  gatehouse: string;
  network: string;
  engine: string;
  list: { path: string; root: string; format: PairsFile['format']; pairs: number; pairsLeftOut: number };
  pictures: {
    total: number;
    noFace: string[];
    severalFaces: number;
    unreadable: { path: string; code: ErrorCode; reason: string; lines: number[] }[];
    elapsedMs: number;
    msPerPicture: number;
    medianMs: number | null;
  };
  defaultThreshold: number;
  /** Every readable pair; without a face it counts as different people. This is the official way. */
  official: Judgement;
  /** The same without pairs in which a face was not found. */
  withoutMissed: Judgement;
  /** As `official`, for the pairs of each folder; null where it was not asked for. */
  folders: Record<string, Judgement> | null;
  /** FAR and FRR of all readable pairs against the threshold. */
  curve: CurvePoint[];
  histogram: Histogram;
}

/** Lines of a list that are named for one picture. */
const NAMED = 10;
/** As many folders as a reader takes in; more (LFW has one a person) only when asked for. */
const MAX_FOLDERS = 12;

export function composeReport(parts: {
  list: { path: string; root: string } & PairsFile;
  scored: readonly (ScoredPair & PicturePair)[];
  embedded: EmbeddedPictures;
  recogniser: Recogniser;
  byFolder: boolean;
}): AccuracyReport {
  const { list, scored, embedded, recogniser } = parts;
  const entries = [...embedded.pictures].sort(([a], [b]) => (a < b ? -1 : 1));
  const threshold = recogniser.defaultThreshold;
  const scores = toScores(scored);
  const groups = groupByFolder(scored);
  const wanted = parts.byFolder || (groups.size > 1 && groups.size <= MAX_FOLDERS);
  return {
    version: 1,
    gatehouse: version,
    network: recogniser.network,
    engine: recogniser.description,
    list: {
      path: list.path,
      root: list.root,
      format: list.format,
      pairs: list.pairs.length,
      pairsLeftOut: list.pairs.length - scored.length,
    },
    pictures: {
      total: entries.length,
      noFace: entries.filter(([, picture]) => picture.kind === 'no face').map(([path]) => path),
      severalFaces: entries.filter(([, picture]) => picture.kind === 'face' && picture.faces > 1).length,
      unreadable: entries.flatMap(([path, picture]) =>
        picture.kind === 'unreadable'
          ? [{ path, code: picture.code, reason: picture.reason, lines: linesOf(path, list.pairs) }]
          : [],
      ),
      elapsedMs: Math.round(embedded.elapsedMs),
      msPerPicture: embedded.elapsedMs / entries.length,
      medianMs: embedded.medianMs,
    },
    defaultThreshold: threshold,
    official: judge(scored, threshold),
    withoutMissed: judge(
      scored.filter(({ distance }) => Number.isFinite(distance)),
      threshold,
    ),
    folders: wanted
      ? Object.fromEntries([...groups].map(([folder, members]) => [folder, judge(members, threshold)]))
      : null,
    curve: curvePoints(scores),
    histogram: histogram(scores, distanceLimit(scores)),
  };
}

function linesOf(path: string, pairs: readonly PicturePair[]): number[] {
  return pairs
    .filter(({ a, b }) => a === path || b === path)
    .slice(0, NAMED)
    .map(({ line }) => line);
}
