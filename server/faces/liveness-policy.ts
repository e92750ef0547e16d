/**
 * What a camera does about faces that look like pictures of faces. off: nobody looks. warn: the score is told. require:
 * such a face is not recognised.
 */
export const livenessPolicies = ['off', 'warn', 'require'] as const;
export type LivenessPolicy = (typeof livenessPolicies)[number];

/** The least score that passes, 0..1: few people lie below, and few pictures. docs/decisions/liveness.md has the figures. */
export const LIVENESS_THRESHOLD = 0.5;
