/** What ffmpeg says where it is the accelerator. */
const HARDWARE_FAILED =
  /hwaccel|AVHW\w+Context|(hardware|hw) device|device (creation failed|setup failed)|no device available|nvdec|cuvid|cuda|_qsv|vaapi|videotoolbox/i;

/** Errors among the lines of an ffmpeg that was told to mark them. */
export const errorsIn = (lines: readonly string[]) => lines.filter((line) => /\[(error|fatal)\]/.test(line));

/** A line without who said it and how bad it is. */
export const withoutMarks = (line: string) => line.replace(/^(\[[^\]]*\]\s*)+/, '');

/** What an ffmpeg said of its accelerator failing; undefined where it said nothing of the kind. */
export function hardwareFailure(lines: readonly string[]): string | undefined {
  const line = errorsIn(lines).find((each) => HARDWARE_FAILED.test(each));
  return line === undefined ? undefined : withoutMarks(line);
}
