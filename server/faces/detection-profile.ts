/**
 * How hard to look for faces. fast: for many cameras on a small machine. balanced: live frames. accurate: live
 * frames with small or many faces. photo: a picture that is all there is of a person (enrolment).
 */
export const detectionProfiles = ['fast', 'balanced', 'accurate', 'photo'] as const;
export type DetectionProfile = (typeof detectionProfiles)[number];

/** Those that a camera can be given. */
export const cameraProfiles = ['fast', 'balanced', 'accurate'] as const satisfies readonly DetectionProfile[];
export type CameraProfile = (typeof cameraProfiles)[number];
