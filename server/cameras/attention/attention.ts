/**
 * Why a camera woke. start: it has just begun, and no second key picture came soon. motion: something moved between two
 * key pictures. size: its encoded pictures grew. person: somebody is followed. keyframe: no key picture came for too long.
 */
export const wakeCauses = ['start', 'motion', 'size', 'person', 'keyframe'] as const;
export type WakeCause = (typeof wakeCauses)[number];

/** quiet: key pictures only are decoded, and watched. awake: every wished frame is delivered. */
export type AttentionState = 'quiet' | 'awake';

/** How attentive a source is, for those that can be quiet. */
export interface SourceAttention {
  /** null while it does not run. */
  readonly state: AttentionState | null;
  /** How often it woke, by cause, since it was made. */
  readonly wakes: Readonly<Record<WakeCause, number>>;
  /** How long it was awake in all, seconds, since it was made. */
  readonly awakeSeconds: number;
  /** Why it is never quiet, in the operator's words; null where it may be. */
  readonly never: string | null;
  /** Somebody is followed at this moment: it stays awake, or wakes. */
  attend(): void;
}
