import { strings } from './strings.js';

const { language } = strings;
const timeOfDay = new Intl.DateTimeFormat(language, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short' });
const toTheMinute = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });

export const clockTime = (at: number): string => timeOfDay.format(at);
export const shortDay = (at: number): string => day.format(at);
export const fullDate = (at: number): string => date.format(at);
/** The midnight before, milliseconds since the epoch. */
export const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
/** When something was: today the time alone, before that the day as well. `today`: the midnight that it began with. */
export const when = (at: number, today: number): string =>
  at >= today ? clockTime(at) : `${shortDay(at)}, ${toTheMinute.format(at)}`;
export const count = (value: number): string => whole.format(value);

/** L2 distances with two digits; the third says nothing about a face. */
export const distance = (value: number): string => value.toFixed(2);
export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
export const rate = (perSecond: number): string => perSecond.toFixed(perSecond < 10 ? 1 : 0);

/** A duration that still goes on, without digits that only make it restless: "8 s", "3 min", "2 h 10 min". */
export function sofar(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes >= 1 && minutes < 60 ? `${minutes} min` : duration(ms);
}

/** "8 s", "3 min 05 s", "2 h 10 min", "4 d 3 h". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (seconds < 86_400)
    return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
}
