import { z } from 'zod';

const credentials = {
  username: z.string().optional().describe('User name; keep it out of the URL'),
  password: z
    .string()
    .optional()
    .describe('Password; best as "${CAMERA_PASSWORD}", taken from the environment'),
};

const address = (protocol: 'rtsp' | 'http') =>
  z.url({
    protocol: new RegExp(`^${protocol}s?$`),
    error: `no address that begins with ${protocol}:// or ${protocol}s://`,
  });

/** Where a camera's frames come from. */
export const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rtsp'),
    url: address('rtsp').describe("rtsp://host:554/path; the camera's substream saves work"),
    liveUrl: address('rtsp')
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
    url: address('http').describe('MJPEG stream or HLS playlist'),
    ...credentials,
  }),
  z.strictObject({
    kind: z.literal('demo'),
    scene: z.string().min(1).describe('Drawn scene with drawn people: see `gatehouse check`'),
  }),
]);
