/** One RTSP request or reply: its head as text, without the empty line, and its body. */
export interface RtspMessage {
  readonly head: string;
  readonly body: Buffer;
}

/** The value of a header, or null. */
export function header(message: RtspMessage, name: string): string | null {
  return headers(message, name)[0] ?? null;
}

/** All values of a header that may stand several times. */
export function headers(message: RtspMessage, name: string): string[] {
  const wanted = `${name.toLowerCase()}:`;
  return message.head
    .split('\r\n')
    .slice(1)
    .filter((line) => line.toLowerCase().startsWith(wanted))
    .map((line) => line.slice(wanted.length).trim());
}

export function toBytes({ head, body }: RtspMessage): Buffer {
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]);
}

const LONGEST_MESSAGE = 1 << 18;
const DOLLAR = 0x24;

/**
 * Takes an RTSP connection apart (RFC 2326 section 10.12): messages, and between them packets of media that
 * begin with a dollar sign. Media is passed on as it comes, without waiting for a packet to be complete.
 *
 * @throws (from the returned function) where what comes is no RTSP
 */
export function readRtsp(on: { message(message: RtspMessage): void; media(bytes: Buffer): void }) {
  let kept = Buffer.alloc(0);
  let mediaLeft = 0;
  return (chunk: Buffer): void => {
    let bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    kept = Buffer.alloc(0);
    while (bytes.length > 0) {
      if (mediaLeft === 0 && bytes[0] === DOLLAR) {
        if (bytes.length < 4) break;
        mediaLeft = 4 + bytes.readUInt16BE(2);
      }
      if (mediaLeft > 0) {
        // Packets that follow one another go on in one piece.
        let end = Math.min(mediaLeft, bytes.length);
        mediaLeft -= end;
        while (mediaLeft === 0 && end + 4 <= bytes.length && bytes[end] === DOLLAR) {
          const next = 4 + bytes.readUInt16BE(end + 2);
          const taken = Math.min(next, bytes.length - end);
          mediaLeft = next - taken;
          end += taken;
        }
        on.media(bytes.subarray(0, end));
        bytes = bytes.subarray(end);
        continue;
      }
      const end = bytes.indexOf('\r\n\r\n');
      if (end >= 0) {
        const head = bytes.toString('latin1', 0, end);
        const length = Number(/^content-length:\s*(\d+)/im.exec(head)?.[1] ?? 0);
        if (bytes.length >= end + 4 + length) {
          on.message({ head, body: bytes.subarray(end + 4, end + 4 + length) });
          bytes = bytes.subarray(end + 4 + length);
          continue;
        }
      }
      if (bytes.length > LONGEST_MESSAGE) throw new Error('not RTSP');
      break;
    }
    if (bytes.length > 0) kept = Buffer.from(bytes);
  };
}
