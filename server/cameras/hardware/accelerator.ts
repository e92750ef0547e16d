/** What decodes video beside the processor, in the order in which `auto` tries it. */
export const accelerators = ['videotoolbox', 'cuda', 'vaapi', 'qsv'] as const;
export type Accelerator = (typeof accelerators)[number];

/** auto: the first that works on this machine, else software. */
export const hardwareWishes = ['off', 'auto', ...accelerators] as const;
export type HardwareWish = (typeof hardwareWishes)[number];

/**
 * ffmpeg's options before an input that is to be decoded so; the pictures come back to memory. Pure.
 *
 * Quick Sync has a decoder of its own for each codec, and here it is H.264's: on Intel vaapi decodes H.265 too,
 * and is tried before.
 */
export function decodingOptions(accelerator: Accelerator): readonly string[] {
  return accelerator === 'qsv' ? ['-c:v', 'h264_qsv'] : ['-hwaccel', accelerator];
}

/**
 * The arguments of a trial: a file is decoded, and the pictures have to be fetched from the accelerator. Without
 * that ffmpeg would quietly decode by software and call it a success. Pure.
 */
export function trialArguments(accelerator: Accelerator, clip: string): readonly string[] {
  const before = ['-hide_banner', '-nostdin', '-loglevel', 'error', ...decodingOptions(accelerator)];
  const after = ['-frames:v', '5', '-f', 'null', '-'];
  if (accelerator === 'qsv') return [...before, '-i', clip, ...after];
  const format = accelerator === 'videotoolbox' ? 'videotoolbox_vld' : accelerator;
  return [
    ...before,
    ...['-hwaccel_output_format', format, '-i', clip],
    ...['-vf', 'hwdownload,format=nv12', ...after],
  ];
}
