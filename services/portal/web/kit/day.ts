import type { Language } from './money.ts';

const MONTHS: Record<Language, readonly string[]> = {
  id: [
    'Januari',
    'Februari',
    'Maret',
    'April',
    'Mei',
    'Juni',
    'Juli',
    'Agustus',
    'September',
    'Oktober',
    'November',
    'Desember',
  ],
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
};
const SHORT: Record<Language, readonly string[]> = {
  id: ['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
};
/** What the zones are called here; `Intl` in English says GMT+8. */
const ZONES: Record<string, string> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
};
/** Posting days are Jakarta's. */
const JAKARTA = 'Asia/Jakarta';

/** `2026-11-05` as `5 Nov 2026`. */
export function day(date: string, language: Language): string {
  const [year, month, dayOfMonth] = date.split('-').map(Number);
  return `${dayOfMonth} ${SHORT[language][(month ?? 1) - 1]} ${year}`;
}

/** `2026-11` as `November 2026`. */
export function monthName(month: string, language: Language): string {
  const [year, number] = month.split('-').map(Number);
  return `${MONTHS[language][(number ?? 1) - 1]} ${year}`;
}

/** `Nov`, for axes. */
export function shortMonth(month: string, language: Language): string {
  return SHORT[language][Number(month.slice(5, 7)) - 1] ?? month;
}

/** `10.42 WIB`, in English `10:42 WIB`. */
export function clock(instant: string, language: Language, zone = JAKARTA): string {
  const { hour, minute } = partsOf(instant, zone);
  return `${hour}${language === 'id' ? '.' : ':'}${minute} ${ZONES[zone] ?? zone}`;
}

/** `5 Nov 2026, 00.30 WITA`. */
export function moment(instant: string, language: Language, zone = JAKARTA): string {
  return `${day(dayOf(instant, zone), language)}, ${clock(instant, language, zone)}`;
}

export function dayOf(instant: string, zone = JAKARTA): string {
  const { year, month, dayOfMonth } = partsOf(instant, zone);
  return `${year}-${month}-${dayOfMonth}`;
}

/** An instant of a day in Jakarta: of today now, as nothing may be told to have happened later. */
export function instantOn(date: string, now = new Date()): string {
  return date === dayOf(now.toISOString()) ? now.toISOString() : `${date}T12:00:00+07:00`;
}

/** The month that it is in Jakarta. */
export function thisMonth(now = new Date()): string {
  return dayOf(now.toISOString()).slice(0, 7);
}

/** `2026-11` moved by so many months. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + by;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** All months from one to another. */
export function monthsBetween(first: string, last: string): readonly string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = monthAfter(month, 1)) months.push(month);
  return months;
}

export function firstDayOf(month: string): string {
  return `${month}-01`;
}

export function lastDayOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')}`;
}

function partsOf(instant: string, zone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return { year: of('year'), month: of('month'), dayOfMonth: of('day'), hour: of('hour'), minute: of('minute') };
}
