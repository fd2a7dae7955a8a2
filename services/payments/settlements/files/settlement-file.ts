import { BankId, type Fault, fault, type Judgement, oneOf, Reason, SettlementRef, StoreRef } from '#libs/contracts';
import { type Cell, type Encoding, isBlank, openSheets, type TableRecord, UnreadableTable } from '#libs/tables';
import { idOf, type Moment, momentOf, moneyOf, zoneOf } from './cells.ts';
import * as layouts from './layouts.ts';
import { type AdjustmentType, adjustmentTypeOf, nameOf } from './layouts.ts';

/**
 * What a row of a report is about. withdrawal: what went from the wallet to a bank. unknown: what its channel calls it is
 * none of what we know.
 */
export type RowType = 'order' | AdjustmentType | 'withdrawal' | 'unknown';

/** A row of a channel's report: one settlement of an order, what the channel gives or takes besides, or a withdrawal. Whole rupiah. */
export interface ReportedRow {
  readonly sheet: string | undefined;
  /** As a spreadsheet numbers it, from 1. */
  readonly line: number;
  /** Null: of no order. */
  readonly orderRef: string | null;
  readonly type: RowType;
  /** What the report calls it. */
  readonly called: string;
  readonly settledAt: string;
  readonly revenue: number;
  /** What was kept, positive. */
  readonly fee: number;
  readonly shipping: number;
  readonly withheldTax: number;
  readonly paidOut: number;
  readonly settles: 'all' | 'part';
  readonly bank: string | null;
  readonly store: string | null;
  /** Of this order, type, day and net the n-th row of the file: exports of a marketplace drift in all other columns. */
  readonly settlementRef: string;
}

/** A row that is not taken, and why. */
export interface RefusedRow {
  readonly sheet: string | undefined;
  readonly line: number;
  readonly faults: readonly ColumnFault[];
}

interface ColumnFault extends Fault {
  /** As the file calls it; absent: of the row as a whole. */
  readonly column?: string;
}

/** What a file says it holds, against what it holds. */
export interface ControlTotal {
  readonly of: 'total-row' | 'summary';
  readonly said: number;
  readonly found: number;
}

/** What a file says is not what it holds. A summary of more than the rows is of one that is cut off: what it has is right. */
export function isBroken({ of, said, found }: ControlTotal): boolean {
  return of === 'total-row' || said < found;
}

export type FileItem =
  | { readonly is: 'row'; readonly row: ReportedRow }
  | { readonly is: 'refused'; readonly refused: RefusedRow }
  /** No data: a sum, a blank row, a part of an order that has a row of its own, what is told elsewhere or is not done. */
  | { readonly is: 'skipped'; readonly as: Skipped | 'total' | 'blank' }
  /** A money column that we do not know: it is counted as a fee. */
  | { readonly is: 'unknown-column'; readonly column: string }
  /** That differs. */
  | { readonly is: 'control'; readonly total: ControlTotal };

type Skipped = 'no-order' | 'elsewhere' | 'not-done';

/** A row by its columns' names. */
type Cells = ReadonlyMap<string, Cell>;

/** What a row says, but for where it stands. */
type Said = Omit<ReportedRow, 'sheet' | 'line' | 'settlementRef' | 'settledAt'> & { readonly moment: Moment };

interface Layout {
  /** Which row of a sheet is its header. */
  readonly required: readonly (readonly string[])[];
  /** @throws RowFaults */
  read(row: Cells, header: Header): Said | Skipped;
  readonly net: readonly string[];
  readonly isIncome?: true;
}

interface Header {
  readonly names: readonly string[];
  /** Of a column of instants; undefined: it says none. */
  readonly zoneOf: ReadonlyMap<string, string>;
  /** Of Shopee's Income, the columns that together make its net. */
  readonly money: readonly string[];
}

const HEADER_WITHIN = 20;

/** Reads a report of any layout, row by row and sheet by sheet. @param file its path, or its bytes */
export async function* readSettlementFile(file: string | Buffer, encoding?: Encoding): AsyncGenerator<FileItem> {
  const counts = new Map<string, number>();
  let summary: number | undefined;
  let income: number | undefined;
  let isKnown = false;
  for await (const { name, records } of openSheets(file, encoding)) {
    const sheet = new SheetReader(name, counts);
    for await (const record of records) yield* sheet.take(record);
    yield* sheet.end();
    isKnown ||= sheet.isKnown;
    summary ??= sheet.releasedInAll;
    income = sheet.income ?? income;
  }
  if (!isKnown) {
    throw new UnreadableTable(
      'No sheet has the columns of a settlement report: see docs/SETTLEMENT.md for those that are known.',
      'Tidak ada lembar dengan kolom laporan pencairan: lihat docs/SETTLEMENT.md untuk yang dikenal.',
    );
  }
  if (summary !== undefined && income !== undefined && summary !== income) {
    yield { is: 'control', total: { of: 'summary', said: summary, found: income } };
  }
}

class SheetReader {
  releasedInAll: number | undefined;
  /** What the rows of orders come to, if this is the sheet of them. */
  income: number | undefined;
  #layout: Layout | undefined;
  #header: Header = { names: [], zoneOf: new Map(), money: [] };
  #seen = 0;
  #sum = 0;
  #total: number | undefined;

  readonly #name: string | undefined;
  readonly #counts: Map<string, number>;

  constructor(name: string | undefined, counts: Map<string, number>) {
    this.#name = name;
    this.#counts = counts;
  }

  get isKnown(): boolean {
    return this.#layout !== undefined;
  }

  *take({ line, cells }: TableRecord): Generator<FileItem> {
    if (!this.#layout) {
      this.#seen += 1;
      this.#readReleased(cells);
      if (this.#seen <= HEADER_WITHIN) yield* this.#findHeader(cells);
      return;
    }
    if (cells.every(isBlank)) return yield { is: 'skipped', as: 'blank' };
    const row: Cells = new Map(this.#header.names.map((name, index) => [name, cells[index] ?? '']));
    const net = moneyOf(cellOf(row, this.#layout.net) ?? '');
    if (isTotal(cells)) {
      this.#total = net.value;
      return yield { is: 'skipped', as: 'total' };
    }
    try {
      const said = this.#layout.read(row, this.#header);
      if (typeof said === 'string') return yield { is: 'skipped', as: said };
      this.#sum += said.paidOut;
      const { moment, ...rest } = said;
      yield {
        is: 'row',
        row: { ...rest, sheet: this.#name, line, settledAt: moment.instant, settlementRef: this.#refOf(said) },
      };
    } catch (error) {
      if (!(error instanceof RowFaults)) throw error;
      this.#sum += net.value ?? 0;
      yield { is: 'refused', refused: { sheet: this.#name, line, faults: error.faults } };
    }
  }

  *end(): Generator<FileItem> {
    if (this.#layout?.isIncome) this.income = this.#sum;
    if (this.#total !== undefined && this.#total !== this.#sum) {
      yield { is: 'control', total: { of: 'total-row', said: this.#total, found: this.#sum } };
    }
  }

  *#findHeader(cells: readonly Cell[]): Generator<FileItem> {
    const zones = new Map<string, string>();
    const names = cells.map((cell) => {
      const { name, zone } = zoneOf(nameOf(cell));
      if (zone !== undefined) zones.set(name, zone);
      return name;
    });
    this.#layout = all.find(({ required }) => required.every((each) => each.some((name) => names.includes(name))));
    if (!this.#layout) return;
    const money = this.#layout === shopeeIncome ? moneyColumns(names) : [];
    this.#header = { names, zoneOf: zones, money };
    if (this.#layout === shopeeIncome) {
      const known = [...layouts.shopeeIncome.revenue, ...layouts.shopeeIncome.shipping, ...layouts.shopeeIncome.fee];
      for (const column of money) {
        if (!known.includes(column) && !layouts.shopeeIncome.withheldTax.includes(column)) {
          yield { is: 'unknown-column', column };
        }
      }
    }
  }

  /** A sheet that has no rows of orders may say what they come to: a name, and behind it the amount. */
  #readReleased(cells: readonly Cell[]): void {
    const at = cells.findIndex((cell) => layouts.releasedInAll.includes(nameOf(cell)));
    if (at === -1) return;
    const amount = cells.slice(at + 1).find((cell) => !isBlank(cell));
    this.releasedInAll ??= amount === undefined ? undefined : moneyOf(amount).value;
  }

  #refOf({ type, called, moment, paidOut, orderRef }: Said): string {
    const kind = type === 'order' ? 'order' : called;
    const key = `${kind} ${moment.day} ${paidOut}`.slice(0, REF_LENGTH_MAX);
    const counted = JSON.stringify([orderRef, key]);
    const nth = (this.#counts.get(counted) ?? 0) + 1;
    this.#counts.set(counted, nth);
    return nth === 1 ? key : `${key} ${nth}`;
  }
}

/** With room for the number behind it. */
const REF_LENGTH_MAX = 90;

class RowFaults extends Error {
  readonly faults: readonly ColumnFault[];

  constructor(faults: readonly ColumnFault[]) {
    super('a row has faults');
    this.faults = faults;
  }
}

/** Reads cells of a row; what is wrong with them is told together. */
class RowReader {
  readonly #faults: ColumnFault[] = [];

  readonly #row: Cells;

  constructor(row: Cells) {
    this.#row = row;
  }

  get<Value>(names: readonly string[], read: (cell: Cell) => Judgement<Value>): Value | undefined {
    const column = names.find((name) => this.#row.has(name));
    const { value, fault: found } = read((column !== undefined && this.#row.get(column)) || '');
    if (found) this.#faults.push({ ...found, column: column ?? (names[0] as string) });
    return value;
  }

  money(names: readonly string[]): number {
    return this.get(names, moneyOf) ?? 0;
  }

  /** Of all these columns that there are. */
  sum(columns: readonly string[]): number {
    return columns.filter((name) => this.#row.has(name)).reduce((sum, name) => sum + this.money([name]), 0);
  }

  text(names: readonly string[]): string {
    return String(cellOf(this.#row, names) ?? '').trim();
  }

  moment(names: readonly string[], { zoneOf }: Header): Moment {
    const zone = names.map((name) => zoneOf.get(name)).find((each) => each !== undefined);
    return this.get(names, (cell) => momentOf(cell, zone)) ?? { day: '', instant: '' };
  }

  refuse(fault: ColumnFault): void {
    this.#faults.push(fault);
  }

  /** What has been read, if nothing is wrong with it. */
  done(said: Said): Said {
    const amounts = [said.revenue, said.fee, said.shipping, said.withheldTax, said.paidOut];
    if (!amounts.every(Number.isSafeInteger)) this.refuse(TOO_LARGE);
    else if (said.revenue !== said.fee + said.shipping + said.withheldTax + said.paidOut) {
      const rest = said.revenue - said.fee - said.shipping - said.withheldTax;
      this.refuse(notTheSum(rest, said.paidOut));
    }
    if (this.#faults.length > 0) throw new RowFaults(this.#faults);
    return said;
  }
}

const TOO_LARGE: ColumnFault = fault('too-large', 'has more money than there is', 'memuat uang terlalu besar');

function notTheSum(found: number, net: number): ColumnFault {
  return fault(
    'not-the-sum',
    `comes to ${found} where its net is ${net}: a column is missing, or an amount has been changed`,
    `berjumlah ${found} sedangkan neto ${net}: ada kolom yang hilang, atau nilai yang diubah`,
    { found, net },
  );
}

const isTotal = (cells: readonly Cell[]) =>
  cells.slice(0, 3).some((cell) => /^total( ?\(rp\))?$/i.test(String(cell).trim()));

function cellOf(row: Cells, names: readonly string[]): Cell | undefined {
  const name = names.find((each) => row.has(each));
  return name === undefined ? undefined : row.get(name);
}

/** Whether a row is of an order as a whole: some reports have rows of its goods behind it. */
function isOfOrder(row: Cells, by: readonly string[]): boolean {
  const cell = cellOf(row, by);
  return cell === undefined || ['order', 'pesanan'].includes(nameOf(cell));
}

const nothingElse = { bank: null, store: null, settles: 'all' as const };

/** What a channel gives or takes besides an order's settlement, by what it is. */
function adjustmentOf(type: AdjustmentType | undefined, net: number) {
  // A refund takes back of the price; a compensation pays it; all else is what the channel keeps.
  const isPrice = type === 'refund' || type === 'compensation';
  return isPrice
    ? { revenue: net, fee: 0, settles: 'all' as const }
    : { revenue: 0, fee: -net + 0, settles: 'part' as const };
}

function adjusted(row: RowReader, said: string, net: number, orderRef: string | null, moment: Moment): Said {
  const type = adjustmentTypeOf(said);
  const kept = { shipping: 0, withheldTax: 0, paidOut: net };
  return row.done({
    ...{ ...nothingElse, orderRef, type: type ?? 'unknown', called: calledOf(said), moment },
    ...{ ...kept, ...adjustmentOf(type, net) },
  });
}

/** Short enough to stand in a reference, and in no characters that it cannot hold. */
function calledOf(said: string): string {
  const [type = ''] = said.split('|');
  const called = type.trim().replace(/\s+/g, ' ').slice(0, 40);
  return SettlementRef.read(called).fault ? 'adjustment' : called;
}

const shopeeIncome: Layout = {
  required: [
    layouts.shopeeIncome.order,
    layouts.shopeeIncome.day,
    layouts.shopeeIncome.net,
    layouts.shopeeIncome.first,
  ],
  net: layouts.shopeeIncome.net,
  isIncome: true,
  read(cells, header) {
    const { order, day, net, by, revenue, shipping, withheldTax } = layouts.shopeeIncome;
    if (!isOfOrder(cells, by)) return 'no-order';
    const row = new RowReader(cells);
    const orderRef = row.get(order, idOf);
    if (orderRef === null) return 'no-order';
    const of = (some: readonly string[]) => row.sum(header.money.filter((name) => some.includes(name)));
    const [price, kept, tax] = [of(revenue), of(shipping), of(withheldTax)];
    const others = header.money.filter((name) => ![...revenue, ...shipping, ...withheldTax].includes(name));
    return row.done({
      ...{ ...nothingElse, orderRef: orderRef ?? '', type: 'order', called: 'order', moment: row.moment(day, header) },
      ...{ revenue: price, shipping: -kept + 0, withheldTax: -tax + 0, fee: -row.sum(others) + 0 },
      paidOut: row.money(net),
    });
  },
};

/** Of the header of Shopee's Income. */
function moneyColumns(header: readonly string[]): string[] {
  const { first, last, outside, net } = layouts.shopeeIncome;
  const begin = header.findIndex((name) => first.includes(name));
  const end = header.findIndex((name) => last.includes(name));
  const columns = header.slice(begin, end === -1 ? header.findIndex((name) => net.includes(name)) : end + 1);
  return [...new Set(columns)].filter((name) => name !== '' && !outside.includes(name) && !net.includes(name));
}

const shopeeAdjustment: Layout = {
  required: [layouts.shopeeAdjustment.order, layouts.shopeeAdjustment.day, layouts.shopeeAdjustment.net],
  net: layouts.shopeeAdjustment.net,
  read(cells, header) {
    const { order, day, net, type } = layouts.shopeeAdjustment;
    const row = new RowReader(cells);
    const orderRef = row.get(order, idOf) ?? null;
    return adjusted(row, row.text(type), row.money(net), orderRef, row.moment(day, header));
  },
};

const tiktokOrders: Layout = {
  required: [layouts.tiktokOrders.order, layouts.tiktokOrders.day, layouts.tiktokOrders.net],
  net: layouts.tiktokOrders.net,
  isIncome: true,
  read(cells, header) {
    const of = layouts.tiktokOrders;
    if (!isOfOrder(cells, of.by)) return 'no-order';
    const row = new RowReader(cells);
    const id = row.get(of.order, idOf);
    if (id === null) return 'no-order';
    const currency = row.text(of.currency);
    if (currency !== '' && currency !== 'IDR') row.refuse({ ...OTHER_CURRENCY, column: of.currency[0] as string });
    const moment = row.moment(of.day, header);
    const net = row.money(of.net);
    const type = row.text(of.type);
    if (type !== '' && nameOf(type) !== 'order') {
      return adjusted(row, type, net, row.get(of.related, idOf) ?? null, moment);
    }
    const [shipping, withheldTax] = [row.money(of.shipping), row.money(of.withheldTax)];
    const fees = row.money(of.fees) - shipping - withheldTax + row.sum(of.adjustment);
    return row.done({
      ...{ ...nothingElse, orderRef: id ?? '', type: 'order', called: 'order', moment, revenue: row.money(of.revenue) },
      ...{ fee: -fees + 0, shipping: -shipping + 0, withheldTax: -withheldTax + 0, paidOut: net },
    });
  },
};

export const NOT_WITHDRAWN = fault('not-withdrawn', 'must leave the wallet', 'harus keluar dari dompet');

/** What went from the wallet to a bank, which its report does not name. @param amount what left it */
function withdrawn(row: RowReader, called: string, amount: number, moment: Moment, column: string): Said {
  if (amount <= 0) row.refuse({ ...NOT_WITHDRAWN, column });
  return row.done({
    ...{ ...nothingElse, orderRef: null, type: 'withdrawal', called, moment, settles: 'part' },
    ...{ revenue: amount, fee: 0, shipping: 0, withheldTax: 0, paidOut: amount },
  });
}

const shopeeWallet: Layout = {
  required: [
    layouts.shopeeWallet.day,
    layouts.shopeeWallet.type,
    layouts.shopeeWallet.net,
    layouts.shopeeWallet.balance,
  ],
  net: layouts.shopeeWallet.net,
  read(cells, header) {
    const { day, type, net, status } = layouts.shopeeWallet;
    const row = new RowReader(cells);
    // All else that moves the wallet is in the reports of orders and adjustments.
    if (!layouts.withdrawals.includes(nameOf(row.text(type)))) return 'elsewhere';
    if (!layouts.done.includes(nameOf(row.text(status)))) return 'not-done';
    const moment = row.moment(day, header);
    // The same may leave it more than once a day, in reports that each have one of them.
    const called = calledOf(`${row.text(type)} ${moment.instant.slice(11, 19)}`);
    return withdrawn(row, called, -row.money(net) + 0, moment, net[0] as string);
  },
};

const tiktokWithdrawals: Layout = {
  required: [layouts.tiktokWithdrawals.id, layouts.tiktokWithdrawals.day, layouts.tiktokWithdrawals.net],
  net: layouts.tiktokWithdrawals.net,
  read(cells, header) {
    const { id, type, day, net } = layouts.tiktokWithdrawals;
    const row = new RowReader(cells);
    if (!layouts.withdrawals.includes(nameOf(row.text(type)))) return 'elsewhere';
    if (isBlank(cellOf(cells, day) ?? '') || row.text(day) === '/') return 'not-done';
    const called = calledOf(`Withdrawal ${row.get(id, idOf) ?? ''}`);
    return withdrawn(row, called, Math.abs(row.money(net)), row.moment(day, header), net[0] as string);
  },
};

const OTHER_CURRENCY = fault('other-currency', 'must be IDR', 'harus IDR');

const genericRows: Layout = {
  required: Object.values({ ...layouts.generic, store: [], reason: [] }).filter(({ length }) => length > 0),
  net: layouts.generic.net,
  read(cells, header) {
    const of = layouts.generic;
    const row = new RowReader(cells);
    const type = row.get(of.type, (cell) => RowTypes.read(String(cell).trim().toLowerCase())) ?? 'order';
    const orderRef = row.get(of.order, idOf);
    if (type === 'order' && orderRef === null) row.refuse({ ...NO_ORDER, column: 'order_ref' });
    const orNull =
      (kind: typeof BankId) =>
      (cell: Cell): Judgement<string | null> =>
        isBlank(cell) ? { value: null } : kind.read(String(cell).trim());
    const reason = row.get(of.reason, orNull(Reason)) ?? type;
    const said: Said = {
      // What is of no order is told apart, and told of, by its reason.
      ...{
        orderRef: orderRef ?? null,
        type,
        called: orderRef ? type : calledOf(reason),
        moment: row.moment(of.day, header),
      },
      ...{ revenue: row.money(of.revenue), fee: row.money(of.fee), shipping: row.money(of.shipping) },
      ...{ withheldTax: row.money(of.withheldTax), paidOut: row.money(of.net) },
      settles: row.get(of.settles, (cell) => Settles.read(String(cell).trim().toLowerCase())) ?? 'all',
      bank: row.get(of.bank, orNull(BankId)) ?? null,
      store: row.get(of.store, orNull(StoreRef)) ?? null,
    };
    if (type === 'withdrawal' && said.paidOut <= 0) row.refuse({ ...NOT_WITHDRAWN, column: 'paid_out' });
    return row.done(said);
  },
};

const RowTypes = oneOf(['order', 'refund', 'compensation', 'cost', 'withdrawal']);
const Settles = oneOf(['all', 'part']);
const NO_ORDER = fault('required', 'names the order', 'harus menyebut pesanannya');

const all: readonly Layout[] = [
  ...[genericRows, shopeeIncome, shopeeAdjustment, shopeeWallet],
  ...[tiktokOrders, tiktokWithdrawals],
];
