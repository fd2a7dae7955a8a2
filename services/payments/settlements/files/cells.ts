import { type Fault, fault, type Judgement, OrderRef, SignedMoney } from '#libs/contracts';
import { type Cell, rupiahAsWritten } from '#libs/tables';

/** A whole instant, with its day where it happened. */
export interface Moment {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** ISO 8601 in UTC. */
  readonly instant: string;
}

const NOTHING = /^[-–/]?$/;

/** Whole rupiah, either sign; a dash, a slash or nothing is 0. */
export function moneyOf(cell: Cell): Judgement<number> {
  if (typeof cell === 'number') return SignedMoney.judge(cell);
  const text = cell.trim();
  if (NOTHING.test(text)) return { value: 0 };
  const [, inBrackets = text] = /^\((.+)\)$/.exec(text) ?? [];
  const sign = inBrackets === text ? '' : '-';
  const written = rupiahAsWritten(
    `${sign}${inBrackets}`.replace(/^([-−])\s*((?:Rp\.?|IDR)\s*)/i, '$2-').replace('−', '-'),
  );
  return written.fault ? { fault: written.fault } : SignedMoney.read(written.value);
}

/** An id as the text that it is; undefined: none. A number that a spreadsheet has rounded is none either. */
export function idOf(cell: Cell): Judgement<string | null> {
  const text = String(cell).trim();
  if (NOTHING.test(text)) return { value: null };
  if (/^\d(?:[.,]\d+)?E[+]?\d+$/i.test(text)) return { fault: LOST };
  return OrderRef.read(text);
}

const LOST: Fault = fault(
  'digits-lost',
  'is a number that a spreadsheet has shortened: digits are lost; export the report anew and do not save it from there',
  'adalah angka yang disingkat spreadsheet sehingga digitnya hilang; unduh ulang laporannya dan jangan simpan dari sana',
);

const DAY = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?(?:\.\d+)?)?\s*(Z|[+-]\d{2}:\d{2})?$/;
const WIB = '+07:00';

/** A day, or an instant. @param zone of the column, if it says one; else WIB */
export function momentOf(cell: Cell, zone = WIB): Judgement<Moment> {
  const [, year, month, date, time = '00:00', second = '00', offset = zone] = DAY.exec(String(cell).trim()) ?? [];
  const day = `${year}-${month}-${date}`;
  const instant = new Date(`${day}T${time}:${second}${offset}`);
  if (Number.isNaN(instant.getTime()) || !new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day))
    return { fault: NO_DAY };
  return { value: { day, instant: instant.toISOString() } };
}

const NO_DAY: Fault = fault(
  'not-a-day',
  'must be a day such as 2026-03-06, with its time or without',
  'harus berupa tanggal, misalnya 2026-03-06, dengan atau tanpa jam',
);

/** `Order settled time(UTC+7)`: its name, and the zone. */
export function zoneOf(header: string): { name: string; zone?: string } {
  const [, name = '', sign = '', hours = ''] = /^(.*?) ?\((?:utc|gmt)(?:([+-])(\d{1,2}))?\)$/.exec(header) ?? [];
  if (name === '') return { name: header };
  return { name, zone: sign === '' ? 'Z' : `${sign}${hours.padStart(2, '0')}:00` };
}
