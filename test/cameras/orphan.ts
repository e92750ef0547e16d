// Started by orphan.test.ts as a program of its own, which is then killed.
import { systemClock as clock } from '../../server/base/clock.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { fileSource } from '../../server/cameras/sources/file.js';
import { rtspSource } from '../../server/cameras/sources/rtsp.js';
import { post, size } from './post.js';

const [live, mute, path] = process.argv.slice(2) as [string, string, string];
const tools = { ffmpeg: await findFfmpeg(), clock };
const login = { username: 'desk', password: 'secret' };
post('mute', rtspSource({ ...size, url: mute, transport: 'tcp' }, tools));
const posts = [
  post('live', rtspSource({ ...size, url: live, transport: 'tcp' }, tools)),
  post('udp', rtspSource({ ...size, url: live, transport: 'udp' }, tools)),
  post('relayed', rtspSource({ ...size, url: live, transport: 'tcp', ...login }, tools)),
  post('file', fileSource({ ...size, path }, tools)),
];
await Promise.all(posts.map((desk) => desk.untilFrame(10_000)));
console.log('ready');
