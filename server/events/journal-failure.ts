import { isDiskFull } from '../base/errors.js';

/** Why events cannot be written now. */
export interface JournalFailure {
  code: 'DISK_FULL' | 'JOURNAL_FAILED';
  /** In the operator's words. */
  reason: string;
  /** Events that have their sequence, were handed on and wait in memory. */
  waiting: number;
}

/** The disk's error in the operator's words. */
export function failureOf(error: unknown, folder: string): Omit<JournalFailure, 'waiting'> {
  const isFull = isDiskFull(error);
  const why = isFull
    ? `the disk of ${folder} is full`
    : `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  return {
    code: isFull ? 'DISK_FULL' : 'JOURNAL_FAILED',
    reason: `${why}: what happens is shown, but not on record until it can be written`,
  };
}
