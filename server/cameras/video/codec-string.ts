/**
 * What browsers call a codec (RFC 6381), from the configuration record that stands in the MP4.
 *
 * H.264: "avc1." and profile, constraints and level, two hex digits each (ISO/IEC 14496-15, 5.4.1).
 */
export function avcCodec(entry: string, record: Buffer): string {
  return `${entry}.${record.toString('hex', 1, 4)}`;
}

/** H.265: "hev1.1.6.L93.90" (ISO/IEC 14496-15, annex E.3). */
export function hevcCodec(entry: string, record: Buffer): string {
  const profile = record[1];
  const space = ['', 'A', 'B', 'C'][profile >> 6];
  const tier = (profile & 0x20) === 0 ? 'L' : 'H';
  // The compatibility flags are told from the last to the first.
  let flags = 0;
  for (let bit = 0; bit < 32; bit += 1) flags = flags * 2 + ((record.readUInt32BE(2) >>> bit) & 1);
  const constraints = [...record.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [`${space}${profile & 0x1f}`, hex(flags), `${tier}${record[12]}`];
  return [entry, ...parts, ...constraints.map(hex)].join('.');
}

const hex = (value: number) => value.toString(16).toUpperCase();
