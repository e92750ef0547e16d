// The configuration as the rest of the program knows it. A key is added in config/schema/, and to what a camera is handed in
// config/camera-configs.ts.
export * from './config/camera-configs.js';
export * from './config/schema/config.js';
