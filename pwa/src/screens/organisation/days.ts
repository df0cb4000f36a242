/** Days of Kazakhstan (UTC+5 all the year) as "2026-11-22". */

const ALMATY = 5 * 3_600_000;

export function today(now = Date.now()): string {
  return new Date(now + ALMATY).toISOString().slice(0, 10);
}

/** The same day some months later; a day that the month does not have becomes its last. */
export function dayAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
