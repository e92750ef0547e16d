/** Pictures of every scene, pixels and pictures a second. */
export const sceneFormat = { width: 1280, height: 720, fps: 10 } as const;
