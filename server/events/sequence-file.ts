import { constants, open } from 'node:fs/promises';

const DIGITS = 16;

/**
 * The highest sequence that was ever handed out, as a floor under what the segments say: for events that could
 * not be written, and for segments that somebody deleted. Always the same few bytes, written in place, which
 * works on a full disk too.
 */
export interface SequenceFile {
  /** 0 where there is none that can be read. */
  readonly floor: number;
  /** Best effort: it never rejects. */
  raise(seq: number): Promise<void>;
}

export async function openSequenceFile(path: string): Promise<SequenceFile> {
  const state = { floor: 0 };
  const write = async (seq: number) => {
    try {
      await using file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      await file.write(`${String(seq).padStart(DIGITS, '0')}\n`, 0);
      await file.datasync();
    } catch {
      // The segments still say it, unless they cannot be written either; then nothing can.
    }
  };
  try {
    await using file = await open(path, 'r');
    const text = (await file.readFile('utf8')).trim();
    state.floor = /^\d{16}$/u.test(text) ? Number(text) : 0;
  } catch {
    // The first start.
  }
  // Takes its place on the disk now, while there is room.
  if (state.floor === 0) await write(0);
  return {
    get floor() {
      return state.floor;
    },
    async raise(seq) {
      if (seq <= state.floor) return;
      state.floor = seq;
      await write(seq);
    },
  };
}
