import type { LiveHeader } from '../../server/events/live.js';

/** What a desk can be sent of a camera: recognised frames as JPEG, their faces alone, or the camera's own video. */
export type LiveChannel = 'pictures' | 'faces' | 'video';

/** A picture with the faces of that very picture. */
export interface LivePicture {
  /** null: nothing is known of its faces yet. */
  header: LiveHeader | null;
  image: ImageBitmap | HTMLVideoElement;
  /** Of the image, pixels. */
  width: number;
  height: number;
}

/** The path of a channel of a camera. */
export function livePath(camera: string, channel: LiveChannel): string {
  const id = encodeURIComponent(camera);
  if (channel === 'video') return `ws/video/${id}`;
  return channel === 'faces' ? `ws/live/${id}?pictures=0` : `ws/live/${id}`;
}
