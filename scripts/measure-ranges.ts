/**
 * Writes models/ranges/dlib-resnet.ts anew: `npm run models:ranges`. To be run when the weights in models/catalogue.ts, the
 * network's description or the drawn faces change; test/models/ranges.test.ts fails when the weights have.
 */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { rangesOnDrawnFaces } from '../server/commands/ranges/measure.js';

const kept = await rangesOnDrawnFaces('dlib-resnet', 'data/models');
const text = `import type { KeptRanges } from '../ranges.js';

/** Written by \`npm run models:ranges\`. */
export const dlibResnetRanges: KeptRanges = ${JSON.stringify(kept)};
`;
const file = 'models/ranges/dlib-resnet.ts';
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'typescript' }));
console.log(`${file}: ${Object.keys(kept.ranges).length} ranges on ${kept.measuredOn}`);
