/** The month after: `2026-12` -> `2027-01`. */
export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** `2026-02` -> `2026-02-28` */
export function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
}

/** Of a day in Jakarta. */
export function lastInstantOf(day: string): string {
  return `${day}T16:59:59.999Z`;
}

export interface Decision {
  readonly month: string;
  readonly action: 'close' | 'reopen';
}

/**
 * Why a decision cannot be taken now; undefined: it can. Months are closed in order, so that the open ones follow the
 * closed ones; only the last closed one is reopened. The first close is of any month, and closes all before it.
 * @param firstOpenMonth `YYYY-MM`; null: none has been closed
 * @param today the month it is
 */
export function obstacle(
  { month, action }: Decision,
  firstOpenMonth: string | null,
  today: string,
): string | undefined {
  if (action === 'reopen') {
    return firstOpenMonth !== null && monthAfter(month) === firstOpenMonth
      ? undefined
      : `${month} is not the last closed month`;
  }
  if (month >= today) return `${month} is not over`;
  if (firstOpenMonth !== null && month < firstOpenMonth) return `${month} is closed`;
  if (firstOpenMonth !== null && month > firstOpenMonth) return `${firstOpenMonth} comes first`;
  return undefined;
}
