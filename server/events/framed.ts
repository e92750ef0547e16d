const LENGTH_BYTES = 4;

/** One binary message: the header's length in bytes (uint32, big endian), the header (UTF-8 JSON), the payload. */
export function encodeFramed(header: object, payload: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(LENGTH_BYTES + json.length + payload.length);
  new DataView(message.buffer).setUint32(0, json.length);
  message.set(json, LENGTH_BYTES);
  message.set(payload, LENGTH_BYTES + json.length);
  return message;
}

/** The inverse of encodeFramed; throws a RangeError or SyntaxError on a message that is not one. */
export function decodeFramed(message: ArrayBuffer): { header: unknown; payload: Uint8Array<ArrayBuffer> } {
  const length = new DataView(message).getUint32(0);
  const json = new TextDecoder().decode(new Uint8Array(message, LENGTH_BYTES, length));
  return { header: JSON.parse(json), payload: new Uint8Array(message, LENGTH_BYTES + length) };
}
