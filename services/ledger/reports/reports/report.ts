/** Headings in Indonesian and English. */
export type Words = Readonly<Record<Language, string>>;
export type Language = 'id' | 'en';

export interface Column {
  readonly key: string;
  readonly heading: Words;
  /** `rupiah` and `count` are integers, `date` is `YYYY-MM-DD`; `blank` is left empty, to be filled in by hand. */
  readonly type: 'text' | 'date' | 'count' | 'rupiah' | 'blank';
  /** Whether the report ends with its sum. */
  readonly total?: true;
}

export type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** What a report is, whatever its format. Each format is written once, for all of them. */
export interface Report {
  readonly title: Words;
  readonly columns: readonly Column[];
  /** Who signs at its foot. */
  readonly signatures?: readonly Words[];
  /** What it cannot do without. */
  readonly needs?: readonly ('facilityId' | 'month')[];
  /** What is a facility's stands in the books of others as well: whoever may see the facility is told all of it. */
  readonly isAcrossFacilities?: true;
  /** Of what orders and payments say beside the books, which are compared before. */
  readonly isReconciliation?: true;
}

/** A report about something: what is asked, and its rows as they come. */
export interface FilledReport extends Report {
  readonly name: string;
  readonly about: Readonly<Record<string, string>>;
  readonly rows: AsyncIterable<Row>;
}

/** Adds up the columns that have a total, while the rows pass by. */
export class Totals {
  readonly #sums: Map<string, number>;

  constructor({ columns }: Report) {
    this.#sums = new Map(columns.filter(({ total }) => total).map(({ key }) => [key, 0]));
  }

  add(row: Row): void {
    for (const [key, sum] of this.#sums) this.#sums.set(key, sum + Number(row[key] ?? 0));
  }

  /** None: the report has no column with a total. */
  get row(): Row | undefined {
    return this.#sums.size === 0 ? undefined : Object.fromEntries(this.#sums);
  }
}
