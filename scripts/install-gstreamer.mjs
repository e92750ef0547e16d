// What `npm run test:gstreamer` needs: GStreamer's RTSP server for the system's Python. Installed where that is possible
// without asking (Debian or Ubuntu, as root); elsewhere it is said what is missing, and the tests are skipped.
import { spawnSync } from 'node:child_process';
import { canInstall, install } from './apt.mjs';

const PACKAGES = [
  'python3-gi',
  'gir1.2-gst-rtsp-server-1.0',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
];
/** Not the first on the PATH: python3-gi belongs to the system's. */
export const PYTHON = '/usr/bin/python3';

const PROBE = `
import gi
gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert all(Gst.ElementFactory.find(name) for name in ['videotestsrc', 'x264enc', 'x265enc', 'rtph264pay'])
`;

/** Whether everything is there. */
export function hasGstreamer() {
  return spawnSync(PYTHON, ['-c', PROBE], { stdio: 'ignore' }).status === 0;
}

function main() {
  if (hasGstreamer()) return;
  if (canInstall()) {
    console.log("GStreamer's RTSP server is not there; installing it with apt-get.");
    if (install('GStreamer', ...PACKAGES) && hasGstreamer()) return;
  }
  console.log(`The tests against GStreamer's RTSP server are skipped. Install ${PACKAGES.join(' ')}.`);
}

if (process.argv[1]?.endsWith('install-gstreamer.mjs')) main();
