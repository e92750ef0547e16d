import type { Calibration, Operating } from '../../evaluation/calibrate.js';
import type { CurvePoint } from '../../evaluation/error-curve.js';
import type { Histogram } from '../../evaluation/histogram.js';
import type { LabelProblem } from '../../identities/labelled-visits.js';
import type { AppliedCalibration } from '../../identities/stores/calibration-file.js';

/** What `calibrate --json` prints: docs/accuracy.md explains every field. */
export interface CalibrationReport {
  version: 1;
  gatehouse: string;
  /** Name of the embedding space: the network, and what was done to its embeddings since. */
  space: string;
  calibration: Calibration;
  /** The calibration that is in force now, and what its threshold does here; null where the default is. */
  inForce: (AppliedCalibration & { rates: Operating }) | null;
  /** What this proves and what it does not. */
  notes: string[];
  visitProblems: LabelProblem[];
  /** Cameras whose own threshold in the configuration wins over any calibration. */
  camerasWithOwn: { id: string; threshold: number }[];
  /** FAR and FRR against the threshold. */
  curve: CurvePoint[];
  histogram: Histogram;
  /** Whether the suggestion was put in force, from the next start on. */
  applied: boolean;
}
