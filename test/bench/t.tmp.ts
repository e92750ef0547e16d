import { fiveFaces } from './pictures.js';
import { measureThroughput } from './throughput.js';
import { measureHouse } from './house.js';
const picture = await fiveFaces();
console.log(await measureHouse(picture, 8000));
console.log(await measureThroughput(picture, { rounds: 3, sliceMs: 4000 }));
