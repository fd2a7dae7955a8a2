import { type Fault, fault, type Kind, textKind } from './kind.ts';

/** Instants have an offset; dates, months and years are those of a calendar, in Asia/Jakarta. */

/** What has happened did so since the first books, and clocks of others may be ahead of ours. */
const PAST_SINCE = Date.parse('2000-01-01T00:00:00Z');
/** How far what has happened may be ahead of our clock. */
export const CLOCK_SKEW_MAX_MS = 24 * 60 * 60 * 1_000;

const YEAR_MIN = 1900;
const YEAR_MAX = 2999;

const instant = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-](\d{2}:\d{2}))$/;
const withoutOffset = /^\d{4}(?:-\d{2}(?:-\d{2})?)?(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;
const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d/;
const timeOfDayWithSecond = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

const EXAMPLE = '2026-01-31T23:40:00+07:00';

function faultOfInstant(text: string): Fault | undefined {
  if (withoutOffset.test(text)) {
    return fault(
      'no-offset',
      `must be an instant with its offset from UTC, such as ${EXAMPLE} (+07:00 is WIB, +08:00 WITA, +09:00 WIT)`,
      `harus berupa waktu dengan selisihnya dari UTC, misalnya ${EXAMPLE} (+07:00 WIB, +08:00 WITA, +09:00 WIT)`,
    );
  }
  const [, date = '', time = '', offset = '00:00'] = instant.exec(text) ?? [];
  if (!isDate(date) || !timeOfDayWithSecond.test(time) || !timeOfDay.test(offset)) {
    return fault(
      'not-an-instant',
      `must be a real instant in RFC 3339, such as ${EXAMPLE}`,
      `harus berupa waktu yang benar menurut RFC 3339, misalnya ${EXAMPLE}`,
    );
  }
  return undefined;
}

function isDate(text: string): boolean {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  // A day that the month does not have rolls over to another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function faultOfYear(text: string): Fault | undefined {
  const year = Number(text.slice(0, 4));
  if (year >= YEAR_MIN && year <= YEAR_MAX) return undefined;
  return fault(
    'out-of-range',
    `must be between the years ${YEAR_MIN} and ${YEAR_MAX}`,
    `harus di antara tahun ${YEAR_MIN} dan ${YEAR_MAX}`,
    { min: YEAR_MIN, max: YEAR_MAX },
  );
}

/** An instant: of an agreement, or one that somebody asks about. */
export const Instant: Kind<string> = textKind(
  {
    format: 'date-time',
    pattern: instant.source,
    description: `RFC 3339 instant with offset, ${YEAR_MIN} to ${YEAR_MAX}`,
  },
  (text) => faultOfInstant(text) ?? faultOfYear(text),
);

/** The instant of something that has happened: 2000 or later, at most one day ahead of our clock. */
export const PastInstant: Kind<string> = textKind(
  {
    format: 'date-time',
    pattern: instant.source,
    description: 'RFC 3339 instant with offset, from 2000 to at most one day ahead of now',
  },
  (text) => faultOfInstant(text) ?? faultOfPast(Date.parse(text)),
);

function faultOfPast(milliseconds: number): Fault | undefined {
  if (milliseconds < PAST_SINCE)
    return fault('too-early', 'must be in 2000 or later', 'harus tahun 2000 atau sesudahnya');
  if (milliseconds <= Date.now() + CLOCK_SKEW_MAX_MS) return undefined;
  return fault('in-the-future', 'must not be in the future', 'tidak boleh di masa depan');
}

export const LocalDate: Kind<string> = textKind(
  { format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `YYYY-MM-DD, ${YEAR_MIN} to ${YEAR_MAX}` },
  (text) => faultOfDate(text) ?? faultOfYear(text),
);

/** The day of something that has happened. */
export const PastDate: Kind<string> = textKind(
  { format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD, from 2000 to at most tomorrow' },
  (text) => faultOfDate(text) ?? faultOfPast(Date.parse(text)),
);

function faultOfDate(text: string): Fault | undefined {
  if (isDate(text)) return undefined;
  return fault(
    'not-a-date',
    'must be a date of the calendar, YYYY-MM-DD, such as 2026-01-31',
    'harus berupa tanggal yang ada, YYYY-MM-DD, misalnya 2026-01-31',
  );
}

export const Month: Kind<string> = textKind(
  { pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: `YYYY-MM, ${YEAR_MIN} to ${YEAR_MAX}` },
  (text) =>
    /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)
      ? faultOfYear(text)
      : fault(
          'not-a-month',
          'must be a month, YYYY-MM, such as 2026-01',
          'harus berupa bulan, YYYY-MM, misalnya 2026-01',
        ),
);

export const Year: Kind<string> = textKind(
  { pattern: '^\\d{4}$', description: `YYYY, ${YEAR_MIN} to ${YEAR_MAX}` },
  (text) =>
    /^\d{4}$/.test(text)
      ? faultOfYear(text)
      : fault('not-a-year', 'must be a year, YYYY, such as 2026', 'harus berupa tahun, YYYY, misalnya 2026'),
);

/** A zone of the IANA database, by its name. */
export const TimeZone: Kind<string> = textKind(
  { pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$', maxLength: 60, description: 'IANA time zone' },
  (text) =>
    isTimeZone(text)
      ? undefined
      : fault(
          'not-a-time-zone',
          'must be a time zone, such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura',
          'harus berupa zona waktu, misalnya Asia/Jakarta, Asia/Makassar atau Asia/Jayapura',
        ),
);

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,59}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
