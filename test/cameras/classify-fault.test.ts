import { describe, expect, it } from 'vitest';
import { classifyFault, type Remains } from '../../server/cameras/classify-fault.js';

const remains = (change: Partial<Remains> & { lines: readonly string[] }): Remains => ({
  exitCode: 1,
  signal: null,
  phase: 'answer',
  where: '192.0.2.7:554',
  kind: 'camera',
  credentials: false,
  secrets: [],
  ...change,
});

/** What both builds really print: a 2018 build (N-47683, libavformat 58.24) and 5.1.9. */
const printed: [
  string,
  string,
  'soon' | 'slowly',
  Partial<Remains> & { lines: readonly string[] },
  RegExp,
][] = [
  [
    'login asked for, none configured',
    'CAMERA_UNAUTHORISED',
    'slowly',
    {
      lines: [
        '[rtsp @ 0x3e539f00] [error] method DESCRIBE failed: 401 Unauthorized',
        '[error] rtsp://192.0.2.7/stream: Server returned 401 Unauthorized (authorization failed)',
      ],
    },
    /none are configured/,
  ],
  [
    'wrong password',
    'CAMERA_UNAUTHORISED',
    'slowly',
    {
      credentials: true,
      lines: ['[error] rtsp://a:b@192.0.2.7/stream: Server returned 401 Unauthorized (authorization failed)'],
    },
    /refuses the user name or password/,
  ],
  [
    'forbidden over HTTP',
    'CAMERA_UNAUTHORISED',
    'slowly',
    {
      lines: [
        '[http @ 0x2c3eeb00] [warning] HTTP error 403 Forbidden',
        '[error] http://192.0.2.7:34039/403: Server returned 403 Forbidden (access denied)',
      ],
    },
    /does not let this user/,
  ],
  [
    'no such stream',
    'CAMERA_NOT_FOUND',
    'slowly',
    {
      lines: [
        '[rtsp @ 0x2d471f00] [error] method DESCRIBE failed: 404 Not Found',
        '[error] rtsp://192.0.2.7/streamx: Server returned 404 Not Found',
      ],
    },
    /no stream at this path/,
  ],
  [
    'connection refused',
    'CAMERA_UNREACHABLE',
    'soon',
    {
      lines: [
        '[tcp @ 0x24a3d100] [error] Connection to tcp://192.0.2.7:554?timeout=5000000 failed: Connection refused',
        '[error] rtsp://192.0.2.7/x: Connection refused',
      ],
    },
    /192\.0\.2\.7:554: the connection is refused/,
  ],
  [
    'no route',
    'CAMERA_UNREACHABLE',
    'soon',
    {
      lines: [
        '[tcp @ 0x4309a100] [error] Connection to tcp://[2001:db8::1]:554?timeout=5000000 failed: No route to host',
        '[error] rtsp://[2001:db8::1]/x: No route to host',
      ],
    },
    /no way to/,
  ],
  [
    'unknown name',
    'CAMERA_UNREACHABLE',
    'soon',
    {
      lines: [
        '[tcp @ 0x5577671d6f40] [error] Failed to resolve hostname no-such-host.invalid: Name or service not known',
        '[error] rtsp://no-such-host.invalid/x: Input/output error',
      ],
    },
    /cannot be resolved/,
  ],
  [
    'silence after the connection',
    'CAMERA_NO_ANSWER',
    'soon',
    { lines: ['[error] rtsp://192.0.2.7/stream: Invalid data found when processing input'] },
    /does not answer/,
  ],
  [
    'a web page instead of a video',
    'CAMERA_NO_VIDEO',
    'slowly',
    { lines: ['[error] http://192.0.2.7/200: Invalid data found when processing input'] },
    /not with a video/,
  ],
  [
    'overloaded',
    'CAMERA_FAILED',
    'soon',
    {
      lines: [
        '[http @ 0x15533b00] [warning] HTTP error 503 Service Unavailable',
        '[error] http://192.0.2.7/503: Server returned 5XX Server Error reply',
      ],
    },
    /busy/,
  ],
  [
    'sound only',
    'CAMERA_NO_VIDEO',
    'slowly',
    {
      phase: 'picture',
      lines: [
        "[fatal] Stream map '0:v:0' matches no streams.",
        "To ignore this, add a trailing '?' to the map.",
      ],
    },
    /no video track/,
  ],
  [
    'dropped while live: ffmpeg exits 0 and says nothing',
    'CAMERA_DROPPED',
    'soon',
    {
      phase: 'live',
      exitCode: 0,
      lines: [
        '[info] frame=    5 fps=4.9 q=-0.0 Lsize=     844kB time=00:00:01.00 bitrate=6912.0kbits/s speed=0.983x    ',
        '[info] video:844kB audio:0kB subtitle:0kB other streams:0kB global headers:0kB muxing overhead: 0.000000%',
      ],
    },
    /closed the connection/,
  ],
  [
    'ended before the first picture',
    'CAMERA_DROPPED',
    'soon',
    { phase: 'picture', exitCode: 0, lines: ['[warning] Output file is empty, nothing was encoded'] },
    /before the first picture/,
  ],
  [
    'file missing',
    'CAMERA_NOT_FOUND',
    'slowly',
    { kind: 'file', where: 'clips/a.mp4', lines: ['[error] file:/nope.mp4: No such file or directory'] },
    /clips\/a\.mp4 does not exist/,
  ],
  [
    'file that is no video',
    'CAMERA_NO_VIDEO',
    'slowly',
    {
      kind: 'file',
      where: 'a.mp4',
      lines: [
        '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x6221e40] [error] moov atom not found',
        '[error] file:/a.mp4: Invalid data found when processing input',
      ],
    },
    /not a video/,
  ],
  [
    'folder instead of a file',
    'CAMERA_NO_VIDEO',
    'slowly',
    { kind: 'file', where: '/tmp', lines: ['[error] file:/tmp: Is a directory'] },
    /not a video/,
  ],
  [
    'webcam missing',
    'CAMERA_NOT_FOUND',
    'soon',
    {
      kind: 'webcam',
      where: '/dev/video9',
      lines: [
        '[video4linux2,v4l2 @ 0x40347ec0] [error] Cannot open video device /dev/video9: No such file or directory',
        '[error] /dev/video9: No such file or directory',
      ],
    },
    /no webcam \/dev\/video9/,
  ],
];

describe('naming a fault from what ffmpeg printed', () => {
  it.each(printed)('%s', (_title, code, retry, change, words) => {
    const fault = classifyFault(remains(change));
    expect(fault).toMatchObject({ code, retry });
    expect(fault.message).toMatch(words);
  });

  it('is not misled by an address', () => {
    const lines = ['[error] rtsp://192.0.2.7/404/forbidden-401: Connection refused'];
    expect(classifyFault(remains({ lines })).code).toBe('CAMERA_UNREACHABLE');
  });

  it('is not misled by what a live stream said long ago', () => {
    const noise = Array.from({ length: 5 }, () => '[h264 @ 0x1] [error] error while decoding MB 3 4');
    const lines = ['[error] Connection refused', ...noise];
    expect(classifyFault(remains({ phase: 'live', exitCode: 0, lines })).code).toBe('CAMERA_DROPPED');
  });

  it('quotes what it does not know, without any password', () => {
    const lines = ['[error] rtsp://desk:s3cret@192.0.2.7/x: Something new about s3cret'];
    const fault = classifyFault(remains({ lines, secrets: ['s3cret'] }));
    expect(fault.code).toBe('CAMERA_FAILED');
    expect(fault.message).toContain('Something new');
    expect(fault.message).not.toContain('s3cret');
  });

  it('says how a silent ffmpeg ended', () => {
    const fault = classifyFault(remains({ lines: [], exitCode: null, signal: 'SIGSEGV' }));
    expect(fault).toMatchObject({ code: 'CAMERA_FAILED', retry: 'soon' });
    expect(fault.message).toContain('SIGSEGV');
  });
});
