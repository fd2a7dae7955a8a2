/** Days and months of the books are those of Jakarta: UTC+7 all year, without daylight saving. */
const jakartaOffsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;

/**
 * The day a sale is posted on (golden.md, P1): the local date of what happened or, if its month is closed, the first
 * day of the earliest open month. Months are closed in order.
 * @param occurredAt ISO 8601 instant
 * @param earliestOpenMonth `YYYY-MM`
 * @returns `YYYY-MM-DD`
 */
export function postingDate(occurredAt: string, earliestOpenMonth = ''): string {
  return openDay(new Date(Date.parse(occurredAt) + jakartaOffsetMs).toISOString().slice(0, 10), earliestOpenMonth);
}

/** A day (`YYYY-MM-DD`), or the first one that is open after it. */
export function openDay(day: string, earliestOpenMonth: string): string {
  return day.slice(0, 7) < earliestOpenMonth ? `${earliestOpenMonth}-01` : day;
}

/** The period a posting date (`YYYY-MM-DD`) lies in: ISO week `2026-W02`, Monday to Sunday, or month `2026-01`. */
export function periodOf(date: string, per: 'week' | 'month'): string {
  return per === 'month' ? date.slice(0, 7) : isoWeek(date);
}

/** An ISO week belongs to the year of its Thursday; week 1 is the one with the year's first Thursday. */
function isoWeek(date: string): string {
  const day = Date.parse(date);
  const daysAfterMonday = (new Date(day).getUTCDay() + 6) % 7;
  const thursday = new Date(day + (3 - daysAfterMonday) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, '0')}`;
}
