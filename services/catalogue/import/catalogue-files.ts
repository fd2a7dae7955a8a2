import { optional, type Reader, Unreadable, type ValuesOf } from './csv.ts';

/** Enough for any name or title, and a bound on what a row can weigh. */
const TEXT_LENGTH_MAX = 300;
const UNITS_MAX = 1_000_000_000;

const DECIMAL = /^0*(\d{1,12})(?:\.(\d{1,3}))?$/;

/** Not blank, no control character; U+FFFD stands where the file was not UTF-8. */
const text =
  (lengthMax: number) =>
  (field: string): string => {
    if (field.trim() === '') throw new Unreadable('must not be blank');
    if (field.length > lengthMax) throw new Unreadable(`must have at most ${lengthMax} characters`);
    if (/[\p{Cc}\p{Cs}]/u.test(field)) throw new Unreadable('must not hold control characters');
    if (field.includes('\uFFFD')) throw new Unreadable('must be UTF-8');
    return field;
  };

/** An id that is part of account codes: as the contracts have it. */
const id = (field: string): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(field)) {
    throw new Unreadable('must be 1 to 60 letters A-Z, digits, dots, underscores and hyphens');
  }
  return field;
};

const oneOf =
  <const Choice extends string>(...choices: Choice[]) =>
  (field: string): Choice => {
    const choice = choices.find((each) => each === field);
    if (choice === undefined) throw new Unreadable(`must be one of ${choices.join(', ')}`);
    return choice;
  };

const boolean = (field: string): boolean => oneOf('true', 'false')(field) === 'true';

const whole =
  (min: number, max: number) =>
  (field: string): number => {
    const value = /^\d{1,16}$/.test(field) ? Number(field) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Unreadable(`must be a whole number from ${min} to ${max}`);
    return value;
  };

/** Whole rupiah. */
const rupiah = whole(0, Number.MAX_SAFE_INTEGER);

const date = (field: string): string => {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(field) ? new Date(`${field}T00:00:00Z`) : new Date(Number.NaN);
  // A day that the month does not have rolls over to another one; PostgreSQL has no year 0.
  const isReal = instant.getUTCFullYear() >= 1 && instant.toISOString().startsWith(field);
  if (!isReal) throw new Unreadable('must be a date, YYYY-MM-DD');
  return field;
};

const timezone = (field: string): string => {
  const zone = text(TEXT_LENGTH_MAX)(field);
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new Unreadable('must be a time zone, such as Asia/Jakarta');
  }
  return zone;
};

/** An exact decimal in its shortest writing, as PostgreSQL's `trim_scale` gives it back. */
const decimal = (field: string): string => {
  const [, integer, fraction = ''] = DECIMAL.exec(field) ?? [];
  if (integer === undefined) {
    throw new Unreadable('must be a decimal of 0 or more, with up to 12 digits before the point and 3 after it');
  }
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? integer : `${integer}.${digits}`;
};

/** The files in the order in which one refers to another, and their columns, which are the columns of the tables too. */
export const catalogueFiles = {
  'facilities.csv': {
    facility_id: id,
    name: text(TEXT_LENGTH_MAX),
    type: oneOf('lapas', 'rutan', 'lpka', 'lpp', 'bapas'),
    class: text(60),
    region: text(TEXT_LENGTH_MAX),
    timezone,
  },
  'makers.csv': {
    maker_id: id,
    facility_id: id,
    registration_no: text(TEXT_LENGTH_MAX),
    name: text(TEXT_LENGTH_MAX),
    display_name: text(TEXT_LENGTH_MAX),
    consent: boolean,
    is_child: boolean,
  },
  'products.csv': {
    sku: text(100),
    facility_id: id,
    category: oneOf('craft', 'culinary', 'fashion'),
    title_id: text(TEXT_LENGTH_MAX),
    title_en: text(TEXT_LENGTH_MAX),
    price: rupiah,
    programme: optional(text(100)),
  },
  'lots.csv': {
    lot_id: text(100),
    sku: text(100),
    facility_id: id,
    quantity: whole(1, UNITS_MAX),
    unit_cost: rupiah,
    made_on: date,
  },
  'contributions.csv': {
    lot_id: text(100),
    maker_id: id,
    measure: oneOf('hours', 'pieces', 'weight', 'equal'),
    // Among equals whatever stands there is not read.
    value: (field, { measure }) => (measure === 'equal' ? '1' : decimal(field)),
  },
} satisfies Record<string, Record<string, Reader>>;

export type CatalogueFile = keyof typeof catalogueFiles;

export const catalogueFileNames = Object.keys(catalogueFiles) as CatalogueFile[];

export type RowOf<File extends CatalogueFile> = ValuesOf<(typeof catalogueFiles)[File]>;
