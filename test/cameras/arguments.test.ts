import { describe, expect, it } from 'vitest';
import { decodingPlan } from '../../server/cameras/attention/decoder.js';
import { filePlan } from '../../server/cameras/sources/file.js';
import { httpPlan } from '../../server/cameras/sources/http.js';
import { rtspPlan } from '../../server/cameras/sources/rtsp.js';
import { webcamPlan } from '../../server/cameras/sources/webcam.js';

const wish = { width: 1280, height: 720, fps: 8 };
const filters =
  "setpts='if(isnan(PREV_OUTPTS),0,PREV_OUTPTS+if(between(PTS-PREV_INPTS,0,2/TB),PTS-PREV_INPTS,1/(8*TB)))'," +
  'select=not(eq(floor(t*8+0.5)\\,floor(prev_selected_t*8+0.5))),' +
  'scale=1280:720:force_original_aspect_ratio=decrease:flags=fast_bilinear:out_range=tv,' +
  'pad=1280:720:(ow-iw)/2:(oh-ih)/2,setsar=1';

/** The value that follows an option. */
const after = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];

describe('the frames that are asked for', () => {
  it('keeps frames before it scales them, holds the aspect ratio and holds no frame back', () => {
    const { outputOptions } = filePlan({ ...wish, path: '/a.mp4' }, 'new');
    expect(after(outputOptions, '-vf')).toBe(filters);
    expect(after(outputOptions, '-threads')).toBe('1');
    expect(after(outputOptions, '-map')).toBe('0:v:0');
    expect(outputOptions.slice(-4)).toEqual(['-pix_fmt', 'yuv420p', '-f', 'rawvideo']);
  });

  it('passes frames through in the dialect of the build', () => {
    const old = filePlan({ ...wish, path: '/a.mp4' }, 'old').outputOptions;
    const newer = filePlan({ ...wish, path: '/a.mp4' }, 'new').outputOptions;
    expect(after(old, '-vsync')).toBe('0');
    expect(old).not.toContain('-fps_mode');
    expect(after(newer, '-fps_mode')).toBe('passthrough');
    expect(newer).not.toContain('-vsync');
  });
});

describe('video that was copied', () => {
  it('is decoded from the standard input, what was wanted of it, one frame in each span of time', () => {
    const { input, inputOptions, outputOptions } = decodingPlan(wish, 'new', ['-hwaccel', 'vaapi']);
    expect(input).toBe('pipe:0');
    expect(inputOptions).toContain('-copyts');
    expect(after(inputOptions, '-hwaccel')).toBe('vaapi');
    expect(after(outputOptions, '-vf')).toMatch(
      /^select=if\(not\(mod\(pts\\,2\)\)\*not\(eq\(floor\(t\*8\+0\.5\)\\,floor\(prev_selected_t\*8\+0\.5\)\)\)\\,gte\(print\(pts\)\\,0\)\),scale=1280:720/,
    );
  });
});

describe('an RTSP camera', () => {
  const options = { ...wish, transport: 'tcp' } as const;

  it('has nothing decoded where that is asked for: its video alone comes', () => {
    const { outputOptions, videoOptions } = rtspPlan({ ...options, pictures: 'none' }, 'rtsp://c/1', 'new');
    expect(after(outputOptions, '-c')).toBe('copy');
    expect(outputOptions).not.toContain('rawvideo');
    expect(videoOptions).toBeUndefined();
  });

  it('has its timeout named in the dialect of the build: -timeout would make an old one listen', () => {
    const old = rtspPlan(options, 'rtsp://c/1', 'old').inputOptions;
    const newer = rtspPlan(options, 'rtsp://c/1', 'new').inputOptions;
    expect(after(old, '-stimeout')).toBe('8000000');
    expect(old).not.toContain('-timeout');
    expect(after(newer, '-timeout')).toBe('8000000');
    expect(newer).not.toContain('-stimeout');
  });

  it('travels as configured', () => {
    expect(after(rtspPlan(options, 'rtsp://c/1', 'new').inputOptions, '-rtsp_transport')).toBe('tcp');
    const udp = rtspPlan({ ...options, transport: 'udp' }, 'rtsp://c/1', 'new').inputOptions;
    expect(after(udp, '-rtsp_transport')).toBe('udp');
  });

  it('is looked at shortly first, longer where that was too short', () => {
    const short = rtspPlan(options, 'rtsp://c/1', 'new').inputOptions;
    expect(after(short, '-analyzeduration')).toBe('0');
    const long = rtspPlan(options, 'rtsp://c/1', 'new', 'long').inputOptions;
    expect(after(long, '-analyzeduration')).toBe('10000000');
  });

  it('never discards what is buffered: that would throw the first key frame away', () => {
    expect(rtspPlan(options, 'rtsp://c/1', 'new').inputOptions).not.toContain('nobuffer');
  });
});

describe('a webcam', () => {
  it('is v4l2 on Linux, asked for its nearest size', () => {
    const plan = webcamPlan({ ...wish, device: '/dev/video0' }, 'new', 'linux')!;
    expect(plan.input).toBe('/dev/video0');
    expect(plan.inputOptions.slice(-4)).toEqual(['-f', 'v4l2', '-video_size', '1280x720']);
  });

  it('is avfoundation on macOS, without a microphone, at a rate that Macs have', () => {
    const plan = webcamPlan({ ...wish, device: 'FaceTime HD Camera' }, 'new', 'darwin')!;
    expect(plan.input).toBe('FaceTime HD Camera:none');
    expect(plan.inputOptions.slice(-4)).toEqual(['-f', 'avfoundation', '-framerate', '30']);
  });

  it('is dshow on Windows', () => {
    const plan = webcamPlan({ ...wish, device: 'Logitech BRIO' }, 'new', 'win32')!;
    expect(plan.input).toBe('video=Logitech BRIO');
    expect(plan.inputOptions.slice(-4)).toEqual(['-f', 'dshow', '-rtbufsize', '64M']);
  });

  it('is none elsewhere', () => {
    expect(webcamPlan({ ...wish, device: 'x' }, 'new', 'aix')).toBeNull();
  });
});

describe('a file', () => {
  it('is looped at its own rate, whatever its name looks like', () => {
    const plan = filePlan({ ...wish, path: '/clips/-9:30 gate.mp4' }, 'old');
    expect(plan.input).toBe('file:/clips/-9:30 gate.mp4');
    expect(plan.inputOptions).toContain('-re');
    expect(after(plan.inputOptions, '-stream_loop')).toBe('-1');
  });
});

describe('an HTTP camera', () => {
  it('has the times of its pictures taken on arrival where it is MJPEG', () => {
    const { inputOptions } = httpPlan(wish, 'http://c/video.mjpg', 'new');
    expect(after(inputOptions, '-use_wallclock_as_timestamps')).toBe('1');
    expect(inputOptions).not.toContain('-re');
  });

  it('is played at its own rate where it is a playlist', () => {
    const { inputOptions } = httpPlan(wish, 'http://c/live.m3u8?x=1', 'new');
    expect(inputOptions).toContain('-re');
    expect(after(inputOptions, '-live_start_index')).toBe('-1');
    expect(inputOptions).not.toContain('-use_wallclock_as_timestamps');
  });
});

describe("the camera's own video", () => {
  const flags = '+frag_every_frame+empty_moov+default_base_moof+skip_trailer';

  it('is copied, never encoded, picture by picture', () => {
    const { videoOptions } = rtspPlan({ ...wish, transport: 'tcp' }, 'rtsp://c/1', 'new');
    expect(after(videoOptions!, '-c')).toBe('copy');
    expect(after(videoOptions!, '-movflags')).toBe(flags);
    expect(filePlan({ ...wish, path: '/a.mp4' }, 'old').videoOptions).toEqual(videoOptions);
    expect(httpPlan(wish, 'http://c/live.m3u8', 'new').videoOptions).toEqual(videoOptions);
  });

  it('is not asked of what sends pictures that no browser plays as a video', () => {
    expect(httpPlan(wish, 'http://c/video.mjpg', 'new').videoOptions).toBeUndefined();
    expect(webcamPlan({ ...wish, device: '/dev/video0' }, 'new', 'linux')!.videoOptions).toBeUndefined();
  });

  it('of a stream for the live view alone is all that is asked for', () => {
    const plan = rtspPlan({ transport: 'udp', pictures: 'none' }, 'rtsp://c/0', 'old');
    expect(after(plan.inputOptions, '-rtsp_transport')).toBe('udp');
    expect(after(plan.inputOptions, '-stimeout')).toBe('8000000');
    expect(after(plan.outputOptions, '-movflags')).toBe(flags);
    expect(plan.outputOptions).not.toContain('rawvideo');
    expect(plan.videoOptions).toBeUndefined();
  });
});
