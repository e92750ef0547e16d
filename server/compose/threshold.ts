import { asGatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { readCalibration } from '../identities/stores/calibration-file.js';

/** The threshold of every camera that has none of its own. */
export interface DefaultThreshold {
  threshold: number;
  /** What is wrong with the calibration, in the operator's words; null while all is well. */
  problem: string | null;
}

/**
 * The threshold that was calibrated for the embeddings of this recogniser, or that of the network where none was. A
 * calibration that cannot be read keeps nobody from starting: it is said, and the network's own is used.
 *
 * @param data the data folder
 * @param recogniser `network` names the embedding space: the network, and its adaptation where there is one
 */
export async function composeThreshold(
  data: string,
  recogniser: { network: string; defaultThreshold: number },
  log: Log,
): Promise<DefaultThreshold> {
  const { network, defaultThreshold } = recogniser;
  try {
    const calibration = await readCalibration(data, network);
    if (calibration === null) return { threshold: defaultThreshold, problem: null };
    const { threshold, appliedAt, wantedFar } = calibration;
    log.info(
      { network, threshold, defaultThreshold, wantedFar, appliedAt },
      'a calibrated threshold is used',
    );
    return { threshold, problem: null };
  } catch (thrown) {
    const error = asGatehouseError(thrown);
    log.error({ code: error.code, err: error.cause }, error.advice);
    return { threshold: defaultThreshold, problem: `${error.code}: ${error.message}` };
  }
}
