/** How large the cameras' pictures are, pixels. */
export const streams = {
  720: { width: 1280, height: 720 },
  1080: { width: 1920, height: 1080 },
} as const;

export type StreamName = keyof typeof streams;

/** Pictures a second of every camera. */
export const STREAM_FPS = 25;

/** What is measured with more and more cameras. */
export interface Kind {
  readonly name: KindName;
  readonly stream: StreamName;
  /** quiet: an empty scene; busy: somebody crosses it every few seconds. */
  readonly content: 'quiet' | 'busy';
  /** Whether cameras may sleep while nothing happens (configuration key `attention`). */
  readonly attention: boolean;
  /** How many cameras a two-processor machine should carry. */
  readonly goal: number;
}

export const kindNames = [
  'quiet1080',
  'quietAttention1080',
  'busy1080',
  'quiet720',
  'quietAttention720',
  'busy720',
] as const;
export type KindName = (typeof kindNames)[number];

const goals: Record<KindName, number> = {
  quiet1080: 12,
  quietAttention1080: 32,
  busy1080: 8,
  quiet720: 20,
  quietAttention720: 48,
  busy720: 14,
};

export const kinds: readonly Kind[] = kindNames.map((name) => ({
  name,
  stream: name.endsWith('1080') ? 1080 : 720,
  content: name.startsWith('busy') ? 'busy' : 'quiet',
  attention: name.includes('Attention') || name.startsWith('busy'),
  goal: goals[name],
}));
