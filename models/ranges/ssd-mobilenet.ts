import type { KeptRanges } from './ranges.js';

/** Every result that 8 bits hold has passed a ReLU6, so none had to be measured. */
export const ssdMobilenetRanges: KeptRanges = {
  network: 'ssd-mobilenet',
  sha256: '2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8',
  measuredOn: 'nothing',
  ranges: {},
};
