/**
 * Every error that Gatehouse raises on purpose carries one of these codes. The code is stable: people
 * search for it and programs switch on it. docs/errors.md explains each one, and a test compares the two.
 */
export const errorCodes = {
  // configuration
  CONFIG_NOT_FOUND: 78,
  CONFIG_NOT_JSON: 78,
  CONFIG_INVALID: 78,
  CONFIG_UNKNOWN_KEY: 78,
  CONFIG_DUPLICATE_CAMERA: 78,
  CONFIG_ENV_MISSING: 78,
  CONFIG_TOKEN_REQUIRED: 78,
  CONFIG_NEEDS_RESTART: 78,
  // the machine
  PORT_IN_USE: 69,
  PORT_NOT_ALLOWED: 77,
  DATA_NOT_WRITABLE: 73,
  DATA_IN_USE: 73,
  DISK_FULL: 74,
  FFMPEG_NOT_FOUND: 69,
  FFMPEG_BROKEN: 69,
  ENGINE_NOT_FOUND: 69,
  ENGINE_FAILED: 69,
  TENSORFLOW_SOURCE_INVALID: 65,
  TENSORFLOW_NOT_FETCHED: 69,
  TENSORFLOW_NOT_BUILT: 69,
  // networks
  MODEL_MISSING: 66,
  MODEL_CHANGED: 65,
  MODEL_INCOMPLETE: 65,
  MODEL_INVALID: 65,
  MODEL_UNSUPPORTED: 65,
  MODEL_MANIFEST_INVALID: 65,
  MODEL_NAME_TAKEN: 65,
  MODEL_UNKNOWN: 64,
  PICTURE_INVALID: 65,
  OUTPUT_INVALID: 70,
  // cameras
  CAMERA_UNREACHABLE: 69,
  CAMERA_NO_ANSWER: 69,
  CAMERA_UNAUTHORISED: 77,
  CAMERA_NOT_FOUND: 66,
  CAMERA_NO_VIDEO: 65,
  CAMERA_STALLED: 69,
  CAMERA_DROPPED: 69,
  CAMERA_FAILED: 69,
  VIDEO_UNUSABLE: 65,
  HARDWARE_UNAVAILABLE: 69,
  // people
  PHOTO_NO_FACE: 65,
  PHOTO_SEVERAL_FACES: 65,
  PHOTO_FACE_TOO_SMALL: 65,
  PHOTO_POOR_QUALITY: 65,
  PHOTO_CORRUPT: 65,
  PHOTO_UNREADABLE: 66,
  PERSON_UNKNOWN: 64,
  EMBEDDING_INVALID: 65,
  GALLERY_FAILED: 69,
  GALLERY_UNAVAILABLE: 69,
  PEOPLE_STORE_CORRUPT: 65,
  LABELS_UNREADABLE: 66,
  LABEL_INVALID: 65,
  SNAPSHOT_MISSING: 66,
  // judging, calibrating and adapting
  PAIRS_NOT_FOUND: 66,
  PAIRS_INVALID: 65,
  PLOT_NOT_WRITTEN: 73,
  CALIBRATION_TOO_FEW: 65,
  CALIBRATION_CORRUPT: 65,
  CALIBRATION_NONE: 66,
  ADAPTATION_TOO_FEW: 66,
  ADAPTATION_CORRUPT: 65,
  ADAPTATION_NONE: 66,
  // events and the feed
  JOURNAL_FAILED: 74,
  JOURNAL_CORRUPT: 65,
  FEED_MESSAGE_INVALID: 65,
  FEED_SINCE_INVALID: 64,
  FEED_TOO_SLOW: 69,
  // HTTP
  STARTING: 69,
  HTTP_UNAUTHORISED: 77,
  HTTP_FORBIDDEN_ORIGIN: 77,
  HTTP_NOT_FOUND: 66,
  HTTP_BAD_REQUEST: 64,
  // greetings
  SPEECH_UNAVAILABLE: 69,
  SPEECH_FAILED: 70,
  CLIP_MISSING: 66,
  // anything else is a defect
  USAGE: 64,
  INTERNAL: 70,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error with a stable code and what the operator can do about it.
 *
 * `message` says what is wrong in the operator's words and never holds a secret; `remedy` is one
 * imperative sentence; `cause` keeps the original error for the log.
 */
export class GatehouseError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GatehouseError';
    this.code = code;
    this.remedy = remedy;
  }

  /** What is wrong and what to do about it, one after the other: a message may end in a question, or be several lines. */
  get advice(): string {
    const { message, remedy } = this;
    return `${message}${/[.?!]$/.test(message) ? '' : '.'}${message.includes('\n') ? '\n' : ' '}${remedy}`;
  }

  /** The process exit code of this error (BSD sysexits: 64 usage, 65 data, 69 unavailable, 78 config ...). */
  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** Wraps anything thrown into a GatehouseError; a stranger becomes `code` with its own message. */
export function asGatehouseError(
  thrown: unknown,
  code: ErrorCode = 'INTERNAL',
  remedy = 'Report this.',
): GatehouseError {
  if (thrown instanceof GatehouseError) return thrown;
  return new GatehouseError(code, thrown instanceof Error ? thrown.message : String(thrown), remedy, {
    cause: thrown,
  });
}

/** Whether an error is a full disk or a spent quota. */
export function isDiskFull(thrown: unknown): boolean {
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
