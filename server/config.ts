import { z } from 'zod';
import { splitLogin } from './cameras/credentials.js';
import { hardwareWishes, type HardwareWish } from './cameras/hardware/accelerator.js';
import { cameraProfiles, type CameraProfile } from './faces/detection-profile.js';
import { livenessPolicies, type LivenessPolicy } from './faces/liveness-policy.js';
import { areaOf } from './frames/polygon.js';
import type { WatchedAreas } from './frames/watched-areas.js';

/**
 * The whole configuration: schema, defaults and types, one place a key. `streams.config.json` is parsed
 * with it (config/read-config.ts) and docs/streams.config.schema.json is written from it, so that editors
 * complete keys and show these descriptions.
 */

const seconds = (what: string) => z.number().nonnegative().max(86_400).describe(`${what}, seconds`);

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as "22:00"')
  .describe('Local time of day, "HH:MM"');

const threshold = z
  .number()
  .positive()
  .max(2)
  .describe(
    'Largest distance between two embeddings that still counts as the same person. Left out: that of the network',
  );

const liveness = z
  .enum(livenessPolicies)
  .describe(
    'Whether faces are held against prints and screens. warn: the event tells the score; require: one that looks like a picture is nobody. docs/decisions/liveness.md says how far that goes',
  );

const size = z.strictObject({
  width: z.int().min(160).max(3840).default(1280).describe('Pixels'),
  height: z.int().min(90).max(2160).default(720).describe('Pixels'),
});

const fps = z.number().min(0.2).max(30).describe('Frames a second that are handed to recognition');

const detection = z
  .enum(cameraProfiles)
  .describe(
    'How hard to look for faces. fast: many cameras on a small machine; balanced; accurate: small faces and crowds, at several times the cost',
  );

const share = z.number().min(0).max(1);

/** Smaller ones are a slip of the pen: part of the frame, about 30 x 30 pixels of 1280 x 720. */
const LEAST_AREA = 0.001;

const polygon = z
  .array(z.tuple([share, share]))
  .min(3, 'a polygon has at least 3 corners')
  .max(100, 'a polygon has at most 100 corners')
  .refine((corners) => areaOf(corners) >= LEAST_AREA, {
    error: `the corners enclose less than ${LEAST_AREA} of the picture; list them in order, as one walks along the edge`,
  })
  .describe('Corners in order, each [x, y] from [0, 0] (upper left) to [1, 1]');

const areas = {
  masks: z
    .array(polygon)
    .default([])
    .describe(
      'Where motion is not counted (a tree, a street, a clock in the picture): polygons, each a list of corners [x, y] from [0, 0] (upper left) to [1, 1]. Faces there still count',
    ),
  zones: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80).describe('Stands in the events of whoever is there'),
        area: polygon,
      }),
    )
    .default([])
    .refine((zones) => new Set(zones.map(({ name }) => name)).size === zones.length, {
      error: 'two zones have one name',
    })
    .describe('Where there are any, only faces whose centre lies in one of them count'),
  ignoreFaces: z
    .array(polygon)
    .default([])
    .describe(
      'Where faces do not count (a poster, a screen): polygons as in masks; the centre of the face decides',
    ),
};

const attention = z.strictObject({
  mode: z
    .enum(['auto', 'off'])
    .optional()
    .describe(
      'auto: while nothing moves and nobody is followed, only the key pictures of an RTSP camera are decoded, which costs a fraction; off: always every wished frame. docs/decisions/attention.md. Default "auto"',
    ),
  quietSeconds: z
    .number()
    .min(1)
    .max(3600)
    .optional()
    .describe('Without motion or anybody followed for so long a camera is quiet, seconds. Default 4'),
});

const hardware = z
  .enum(hardwareWishes)
  .describe(
    'What decodes the video. auto: the first accelerator that works on this machine, else software. `gatehouse doctor` tells which',
  );

const credentials = {
  username: z.string().optional().describe('User name; keep it out of the URL'),
  password: z
    .string()
    .optional()
    .describe('Password; best as "${CAMERA_PASSWORD}", taken from the environment'),
};

const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rtsp'),
    url: z.url({ protocol: /^rtsps?$/ }).describe("rtsp://host:554/path; the camera's substream saves work"),
    liveUrl: z
      .url({ protocol: /^rtsps?$/ })
      .optional()
      .describe(
        "The camera's main stream, for the live view: opened only while somebody watches. `url` is then best the substream; user name and password are the same",
      ),
    transport: z.enum(['tcp', 'udp']).default('tcp').describe('How RTP travels'),
    ...credentials,
  }),
  z.strictObject({
    kind: z.literal('webcam'),
    device: z
      .string()
      .min(1)
      .describe(
        'Linux: "/dev/video0"; macOS: index or name as avfoundation lists it; Windows: name as dshow lists it',
      ),
  }),
  z.strictObject({
    kind: z.literal('file'),
    path: z.string().min(1).describe('Video file, looped at its own rate; relative to this file'),
  }),
  z.strictObject({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }).describe('MJPEG stream or HLS playlist'),
    ...credentials,
  }),
  z.strictObject({
    kind: z.literal('demo'),
    scene: z.string().min(1).describe('Drawn scene with drawn people: see `gatehouse check`'),
  }),
]);

const greeting = z.union([
  z.literal(false).describe('No greeting'),
  z.strictObject({
    phrase: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('What is said; {names} becomes "Ada, Bo and Cy", {camera} the camera\'s name'),
    clip: z
      .string()
      .min(1)
      .optional()
      .describe('Sound file to play instead of speech; relative to this file'),
    language: z
      .string()
      .min(2)
      .optional()
      .describe('BCP 47 tag of the phrase, for example "en-GB", "de", "is"'),
    voice: z.string().min(1).optional().describe('Name of a voice; left out: any voice of the language'),
    volume: z.number().min(0).max(1).optional().describe('0 silent to 1 full'),
    cooldownSeconds: seconds('A person is greeted at most once in this time at this camera').optional(),
    gatherSeconds: seconds('People recognised within this time are greeted in one sentence').optional(),
    quietHours: z
      .union([z.literal(false), z.strictObject({ from: timeOfDay, to: timeOfDay })])
      .optional()
      .describe('No greetings between these times, across midnight if need be'),
  }),
]);

const visit = z.strictObject({
  agreeingFrames: z.int().min(1).max(30).default(3).describe('Frames that must name the same person'),
  unknownFrames: z
    .int()
    .min(1)
    .max(120)
    .default(8)
    .describe('Frames after which a face that matches nobody is unknown'),
  unknownSeconds: seconds('Time after which a face that matches nobody is unknown').default(1.5),
  graceSeconds: seconds('A person out of sight for this long has left').default(4),
  recheckSeconds: seconds('A person who was recognised is compared again after this').default(3),
});

const camera = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes, for example "front-door"')
    .describe('Names the camera in events and addresses'),
  name: z.string().min(1).max(80).optional().describe('As shown and spoken; left out: the id'),
  enabled: z.boolean().default(true).describe('false switches the camera off'),
  source,
  fps: fps.optional(),
  size: size.optional(),
  threshold: threshold.optional(),
  detection: detection.optional(),
  liveness: liveness.optional(),
  hardware: hardware.optional(),
  greeting: greeting.optional(),
  attention: attention.optional(),
  ...areas,
});

const detector = z.strictObject({
  inputSize: z
    .int()
    .multipleOf(32)
    .min(160)
    .max(1280)
    .default(320)
    .describe(
      'Longer side of the picture that balanced detection looks at, the other profiles in proportion: larger finds smaller faces and costs more',
    ),
  minScore: z.number().min(0.05).max(0.99).default(0.45).describe('Detections below this score are ignored'),
  minFace: z.int().min(16).max(500).default(36).describe('Faces smaller than this are ignored, pixels'),
});

const quality = z.strictObject({
  minSize: z
    .int()
    .min(16)
    .max(500)
    .default(36)
    .describe('Size of the face (geometric mean of its width and height), pixels'),
  minSharpness: z.number().min(0).max(1).default(0.3).describe('0 blurred to 1 sharp'),
  maxYaw: z.number().min(0).max(90).default(50).describe('Turned to a side, degrees'),
  maxPitch: z.number().min(0).max(90).default(40).describe('Raised or lowered, degrees'),
  maxRoll: z.number().min(0).max(180).default(45).describe('Leaning, degrees'),
  minBrightness: z.number().min(0).max(255).default(35).describe('Mean grey of the face, 0 to 255'),
  maxBrightness: z.number().min(0).max(255).default(225).describe('Mean grey of the face, 0 to 255'),
  minContrast: z.number().min(0).max(127).default(12).describe("Standard deviation of the face's grey"),
  maxCut: z.number().min(0).max(1).default(0.25).describe('Part of the face outside of the picture, 0 to 1'),
});

const recognition = z.strictObject({
  engine: z
    .enum(['auto', 'onnx-int8', 'onnx', 'tfjs-node', 'wasm'])
    .default('auto')
    .describe('What runs the networks; auto measures which is fastest here'),
  network: z
    .string()
    .min(1)
    .default('dlib-resnet')
    .describe(
      'Network that makes the embeddings: dlib-resnet, facenet-nn4, facenet-nn4-average (needs imported weights) or an imported one',
    ),
  gallery: z
    .enum(['auto', 'exact', 'approximate'])
    .default('auto')
    .describe(
      'How people are searched; auto: exactly up to 250,000 photos, beyond by a graph that may miss one',
    ),
  workers: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe('Threads that recognise, one processor each; auto: one a processor, half of more than eight'),
  batch: z
    .strictObject({
      count: z.int().min(1).max(32).default(4).describe('Frames of different cameras in one batch at most'),
      deadlineMs: z
        .number()
        .min(0)
        .max(1000)
        .default(15)
        .describe('Longest that a frame waits for others, milliseconds'),
    })
    .prefault({}),
  detector: detector.prefault({}),
  quality: quality
    .prefault({})
    .describe('What a face has to be to be recognised, in photos and in live frames alike'),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors'),
  server: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .describe('Address to listen on; any but loopback needs GATEHOUSE_TOKEN'),
      port: z.int().min(0).max(65_535).default(8080).describe('Port; 0 takes a free one'),
    })
    .prefault({}),
  people: z
    .string()
    .min(1)
    .default('people')
    .describe('Folder of photos: skuli.jpg, or skuli/*.jpg; relative to this file'),
  recognition: recognition.prefault({}),
  visits: visit.prefault({}),
  journal: z
    .strictObject({
      keepDays: z
        .number()
        .positive()
        .max(3650)
        .default(30)
        .describe('Events and snapshots are kept for this long'),
      maxMegabytes: z
        .number()
        .positive()
        .max(1_000_000)
        .default(512)
        .describe('Space for events; the oldest go first'),
    })
    .prefault({}),
  defaults: z
    .strictObject({
      fps: fps.default(8),
      size: size.prefault({}),
      threshold: threshold.optional(),
      detection: detection.default('balanced'),
      liveness: liveness.default('off'),
      attention: attention.default({}),

      hardware: hardware.default('off'),
      greeting: greeting.default({}),
    })
    .prefault({})
    .describe('For every camera that does not say otherwise'),
  cameras: z.array(camera).min(1, 'at least one camera').describe('The cameras'),
});

export type Config = z.infer<typeof configSchema>;

/** What recognition runs with where nothing else is said. */
export function recognitionDefaults(): Config['recognition'] {
  return recognition.parse({});
}

export type SourceConfig = Config['cameras'][number]['source'];

/** How a camera greets, with every default filled in. */
export type GreetingConfig =
  | { kind: 'off' }
  | {
      kind: 'speech' | 'clip';
      phrase: string;
      clip: string | null;
      language: string;
      voice: string | null;
      volume: number;
      cooldownSeconds: number;
      gatherSeconds: number;
      quietHours: { from: string; to: string } | null;
    };

/** One camera with the defaults merged in: what the rest of the program is handed. */
export interface CameraConfig {
  id: string;
  name: string;
  source: SourceConfig;
  fps: number;
  size: { width: number; height: number };
  /** null: the network's own. */
  threshold: number | null;
  detection: CameraProfile;
  liveness: LivenessPolicy;
  hardware: HardwareWish;
  greeting: GreetingConfig;
  areas: WatchedAreas;
  attention: { mode: 'auto' | 'off'; quietSeconds: number };
}

/** The cameras that are switched on, each complete. */
export function cameraConfigs(config: Config): CameraConfig[] {
  return config.cameras
    .filter((camera) => camera.enabled)
    .map((camera) => ({
      id: camera.id,
      name: camera.name ?? camera.id,
      source: camera.source,
      fps: camera.fps ?? config.defaults.fps,
      size: camera.size ?? config.defaults.size,
      threshold: camera.threshold ?? config.defaults.threshold ?? null,
      detection: camera.detection ?? config.defaults.detection,
      liveness: camera.liveness ?? config.defaults.liveness,
      hardware: camera.hardware ?? config.defaults.hardware,
      greeting: greetingConfig(config, camera.greeting),
      attention: {
        mode: camera.attention?.mode ?? config.defaults.attention.mode ?? 'auto',
        quietSeconds: camera.attention?.quietSeconds ?? config.defaults.attention.quietSeconds ?? 4,
      },
      areas: { masks: camera.masks, zones: camera.zones, ignoreFaces: camera.ignoreFaces },
    }));
}

/** Every password in the configuration, for the log to leave out. */
export function cameraPasswords(config: Config): string[] {
  return config.cameras.flatMap(({ source }) => {
    if (!('url' in source)) return [];
    const live = source.kind === 'rtsp' && source.liveUrl !== undefined ? source.liveUrl : source.url;
    return [...splitLogin(source).secrets, ...splitLogin({ ...source, url: live }).secrets];
  });
}

function greetingConfig(config: Config, own: Config['cameras'][number]['greeting']): GreetingConfig {
  const common = config.defaults.greeting;
  if (own === false || (own === undefined && common === false)) return { kind: 'off' };
  const merged = { ...(common === false ? {} : common), ...own };
  // A camera's own phrase beats a clip that stands in the defaults.
  const clip = own?.phrase !== undefined && own.clip === undefined ? undefined : merged.clip;
  return {
    kind: clip === undefined ? 'speech' : 'clip',
    phrase: merged.phrase ?? 'Welcome {names}, have a nice day!',
    clip: clip ?? null,
    language: merged.language ?? 'en',
    voice: merged.voice ?? null,
    volume: merged.volume ?? 1,
    cooldownSeconds: merged.cooldownSeconds ?? 600,
    gatherSeconds: merged.gatherSeconds ?? 1.2,
    quietHours: merged.quietHours === false ? null : (merged.quietHours ?? null),
  };
}
