/** The system's Python. */
export const PYTHON: string;
/** Whether GStreamer's RTSP server and its encoders are there for it. */
export function hasGstreamer(): boolean;
