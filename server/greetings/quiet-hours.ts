/** Local times of day, "HH:MM"; `to` is the first minute that is loud again. */
export interface QuietHours {
  from: string;
  to: string;
}

/**
 * Whether a moment lies in the quiet hours. They may reach across midnight; `from` equal to `to` means the
 * whole day. Clocks that are put forward or back are followed, since the wall's time of day decides.
 *
 * @param wall milliseconds since the epoch
 * @param timeZone IANA name, for example "Atlantic/Reykjavik"; left out: that of the machine
 */
export function isQuiet(hours: QuietHours, wall: number, timeZone?: string): boolean {
  const time = timeOfDay(wall, timeZone);
  return hours.from < hours.to
    ? hours.from <= time && time < hours.to
    : hours.from <= time || time < hours.to;
}

function timeOfDay(wall: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(wall);
}
