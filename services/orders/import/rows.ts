import {
  checkoutCompleted,
  type Fault,
  fault,
  orderIdOf,
  REQUIRED,
  type RefundRequest,
  refundIdOf,
  type Sentence,
  type Violation,
} from '#libs/contracts';
import { type Cell, inBothLanguages, sentenceAbout, type ValuesOf } from '#libs/tables';
import type { Order } from '../orders/order.ts';
import { findRefund, isSameRefund, type OrderState } from '../process/order-process.ts';
import {
  type Column,
  columns,
  FIRST_COLUMNS,
  type Fields,
  isSameCheckout,
  ORDER_ROWS_MAX,
  orderColumns,
  textOf,
} from './columns.ts';

/** One row of the file: its texts, and what they say. */
export type Row = { readonly [Name in Column]: string } & {
  /** n-th data row of the file, from 1. */
  readonly number: number;
  /** What could be read; without faults everything that the row must have. */
  readonly values: { readonly [Name in Column]?: ValuesOf<typeof orderColumns>[Name] | undefined };
  readonly faults: readonly RowFault[];
};

interface RowFault extends Fault {
  /** Absent where the row as a whole is meant. */
  readonly column?: Column;
}

/** Why a row is not taken; of one that is taken nothing, its fate is its order's or refund's. */
export interface Fate {
  readonly reason?: 'duplicate' | 'conflict' | 'order-closed' | 'invalid' | 'mismatch';
  readonly detail?: string;
}

export const TAKEN: Fate = {};

export function rowOf(fields: Fields, number: number): Row {
  const texts = Object.fromEntries(columns.map((column, index) => [column, textOf(fields[index])]));
  const row = texts as { readonly [Name in Column]: string };
  const values: Record<string, unknown> = {};
  const faults: RowFault[] = [];
  const isWide = fields.length === columns.length || fields.length === FIRST_COLUMNS;
  if (!isWide || fields.includes(null)) faults.push(notWhole);
  for (const [index, column] of columns.entries()) {
    const cell: Cell = typeof fields[index] === 'number' ? fields[index] : row[column];
    const { value, fault: found } = orderColumns[column].read(cell);
    if (found) faults.push({ column, ...found });
    else values[column] = value;
  }
  if (row.type === 'refund' && row.refund_ref === '') faults.push({ column: 'refund_ref', ...REQUIRED });
  if (row.type === 'sale' && row.refund_ref !== '') faults.push(refundOfSale);
  return { ...row, number, values: values as Row['values'], faults };
}

const notWhole = fault(
  'not-as-wide-as-the-header',
  'has not as many cells as the header; is a separator missing, or one too many?',
  'tidak memiliki sel sebanyak judul kolom; apakah ada pemisah yang kurang atau berlebih?',
);
const refundOfSale: RowFault = {
  column: 'refund_ref',
  ...fault('not-blank', 'must be blank in a sale', 'harus kosong pada penjualan'),
};

/** The rows of a file's part, those of one checkout together; a refund row stands alone. */
export function groupsOf(firstRow: number, rows: readonly Fields[]): [Row, ...Row[]][] {
  const groups: [Row, ...Row[]][] = [];
  let before: Fields | undefined;
  for (const [index, fields] of rows.entries()) {
    const row = rowOf(fields, firstRow + index);
    const group = groups.at(-1);
    if (group && before && isSameCheckout(before, fields)) group.push(row);
    else groups.push([row]);
    before = fields;
  }
  return groups;
}

export function isRefund({ type }: Row): boolean {
  return type === 'refund';
}

export function orderIdOfRow({ channel, order_ref }: Row): string {
  return orderIdOf({ channel, orderRef: order_ref });
}

/** Sale rows of an order that was taken before: they repeat its lines, contradict them, or come too late. */
export function compareWithOrder(rows: readonly Row[], order: Order): Fate[] {
  const lines = new Map(order.lines.map((line) => [line.lineRef, line]));
  return rows.map((row): Fate => {
    if (row.faults.length > 0) return invalid(row, row.faults);
    const line = lines.get(row.line_ref);
    if (!line) return { reason: 'order-closed' };
    const { sku, quantity, unitPrice, discount } = line;
    const { placedAt, store = null } = order;
    // By which class it was charged stands in its fees alone.
    const stored = JSON.stringify([sku, quantity, unitPrice, discount, Date.parse(placedAt), store]);
    return { reason: stored === contentOf(row) ? 'duplicate' : 'conflict' };
  });
}

/** A checkout of sale rows, to be judged like any other. */
export interface Draft {
  readonly rows: readonly Row[];
  /** Of rows that are no lines of the checkout: they repeat one, contradict one, or stand corrected beside it. */
  readonly fates: ReadonlyMap<Row, Fate>;
  /** The rows that are lines of the checkout, in its order. */
  readonly lineRows: readonly Row[];
  /** A Checkout as far as the texts can be read: a field that cannot stays text, and its rule will say so. */
  readonly content: { readonly channel: string; readonly orderRef: string };
  /** What the rows' cells are found wrong for. */
  readonly faults: readonly Violation[];
  /** Why channel and order_ref do not name an order: then there is none to reject. */
  readonly namingFaults: readonly Violation[];
}

export function draftOf(rows: readonly [Row, ...Row[]]): Draft {
  const [first] = rows;
  const judged = sameStore(sameInstant(rows));
  const lineOf = new Map<string, Row>();
  const fates = new Map<Row, Fate>();
  for (const row of judged.filter(({ faults }) => faults.length === 0)) {
    const before = lineOf.get(row.line_ref);
    if (before === undefined) lineOf.set(row.line_ref, row);
    else {
      const isSame = contentOf(before) === contentOf(row) && before.fee_class === row.fee_class;
      fates.set(row, { reason: isSame ? 'duplicate' : 'conflict' });
    }
  }
  for (const row of judged.filter(({ faults }) => faults.length > 0)) {
    if (lineOf.has(row.line_ref)) fates.set(row, invalid(row, row.faults));
    else lineOf.set(row.line_ref, row);
  }
  const lineRows = judged.filter((row) => lineOf.get(row.line_ref) === row);
  const isTooLong = rows.length > ORDER_ROWS_MAX;
  const { ordered_at: placedAt, store } = lineRows[0] ?? first;
  const content = {
    channel: first.channel,
    orderRef: first.order_ref,
    placedAt,
    ...(store !== '' && { store }),
    lines: (isTooLong ? [] : lineRows).map(({ line_ref, sku, quantity, unit_price, discount, fee_class, values }) => ({
      lineRef: line_ref,
      sku,
      quantity: values.quantity ?? quantity,
      unitPrice: values.unit_price ?? unit_price,
      discount: (values.discount === null ? 0 : values.discount) ?? discount,
      ...(fee_class !== '' && { feeClass: fee_class }),
    })),
  };
  const ofRows = lineRows.flatMap(({ faults }, index) =>
    faults.map(({ column, code, message }) => ({ field: fieldOf(index, column), code, message })),
  );
  const faults = isTooLong ? [tooLong] : ofRows;
  return { rows: judged, fates, lineRows, content, faults, namingFaults: checkoutCompleted.violations(content) };
}

const tooLong: Violation = {
  field: 'lines',
  ...fault(
    'too-long',
    `belongs to an order of more than ${ORDER_ROWS_MAX} rows; an order has at most as many`,
    `termasuk pesanan dengan lebih dari ${ORDER_ROWS_MAX} baris; sebuah pesanan paling banyak sekian`,
    { max: ORDER_ROWS_MAX },
  ),
};

/** An order has one instant: that of its first row without a fault. */
function sameInstant(rows: readonly Row[]): Row[] {
  const first = rows.find(({ faults }) => faults.length === 0);
  const instant = first && instantOf(first);
  return rows.map((row) => (instant === undefined || instantOf(row) === instant ? row : withFault(row, otherInstant)));
}

/** So has it one store, or none. */
function sameStore(rows: readonly Row[]): Row[] {
  const first = rows.find(({ faults }) => faults.length === 0);
  return rows.map((row) => (first === undefined || row.store === first.store ? row : withFault(row, otherStore)));
}

const otherStore: RowFault = {
  column: 'store',
  ...fault('other-store', 'must be the same in all rows of an order', 'harus sama di semua baris satu pesanan'),
};

function withFault(row: Row, found: RowFault): Row {
  return row.values.ordered_at === undefined ? row : { ...row, faults: [...row.faults, found] };
}

const otherInstant: RowFault = {
  column: 'ordered_at',
  ...fault('other-instant', 'must be the same in all rows of an order', 'harus sama di semua baris satu pesanan'),
};

/** The fates of a checkout's rows that found it wrong: each names its own fault, or that of the first faulty row. */
export function invalidFates({ rows, lineRows }: Draft, faults: readonly Violation[]): Fate[] {
  const faultsOf = new Map<Row, RowFault[]>();
  for (const { field, ...found } of faults) {
    const [, index, lineField] = /^lines\/(\d+)(?:\/(.*))?$/.exec(field) ?? [];
    const row = lineRows[Number(index ?? 0)] ?? rows[0];
    const column = columnOf(index === undefined ? field : (lineField ?? ''));
    const before = row && faultsOf.get(row);
    if (before?.some((each) => each.column === column)) continue; // the contract says what the file's column said
    if (row) faultsOf.set(row, [...(before ?? []), { ...found, ...(column && { column }) }]);
  }
  const [first] = rows.filter((row) => faultsOf.has(row) || row.faults.length > 0);
  return rows.map((row) => {
    const own = faultsOf.get(row) ?? row.faults;
    if (own.length > 0) return invalid(row, own);
    return first ? invalid(first, faultsOf.get(first) ?? first.faults, true) : invalid(row, []);
  });
}

/** `kolom quantity: "1.5" harus … / column quantity: "1.5" must …`; of the row itself, or said beside another row. */
function invalid(row: Row, faults: readonly RowFault[], isOther = false): Fate {
  const where: Sentence = isOther
    ? { id: `baris ${row.number}`, en: `row ${row.number}` }
    : { id: 'baris ini', en: 'this row' };
  const sentences = faults.map(({ column, message }): Sentence => {
    if (column === undefined) return { id: `${where.id} ${message.id}`, en: `${where.en} ${message.en}` };
    const { id, en } = sentenceAbout(row[column], message);
    return {
      id: `${isOther ? `${where.id}, ` : ''}kolom ${column}: ${id}`,
      en: `${isOther ? `${where.en}, ` : ''}column ${column}: ${en}`,
    };
  });
  const joined = (language: keyof Sentence) => sentences.map((each) => each[language]).join('; ');
  return { reason: 'invalid', detail: inBothLanguages({ id: joined('id'), en: joined('en') }) };
}

/** A refund row as a request to its order's process, or why it does not become one. */
export function judgeRefund(
  row: Row,
  order: Order | undefined,
  state: OrderState | undefined,
): { request: RefundRequest } | { fate: Fate } {
  if (row.faults.length > 0) return { fate: invalid(row, row.faults) };
  const request: RefundRequest = {
    channel: row.channel,
    orderRef: row.order_ref,
    lineRef: row.line_ref,
    refundRef: row.refund_ref,
    quantity: row.values.quantity as number,
    requestedAt: row.ordered_at,
  };
  const line = order?.lines.find(({ lineRef }) => lineRef === row.line_ref);
  const differs = line && differenceOf(row, line);
  const before = state && findRefund(state, refundIdOf(orderIdOf(request), row.line_ref, row.refund_ref));
  if (before) {
    const isSameInstant = Date.parse(before.requestedAt) === instantOf(row);
    const isSame = differs === undefined && isSameInstant && isSameRefund(before, request);
    return { fate: { reason: isSame ? 'duplicate' : 'conflict' } };
  }
  if (differs !== undefined) return { fate: { reason: 'mismatch', detail: inBothLanguages(differs) } };
  return { request };
}

function differenceOf(row: Row, line: { readonly sku: string; readonly unitPrice: number }): Sentence | undefined {
  const notTheSales = (column: Column, sale: string | number): Sentence => {
    const told = sentenceAbout(row[column], {
      id: `bukan milik penjualannya, ${sale}`,
      en: `is not the sale’s, ${sale}`,
    });
    return { id: `kolom ${column}: ${told.id}`, en: `column ${column}: ${told.en}` };
  };
  if (row.sku !== line.sku) return notTheSales('sku', line.sku);
  if (row.values.unit_price !== line.unitPrice) return notTheSales('unit_price', line.unitPrice);
  if (row.values.discount === null || row.values.discount === 0) return undefined;
  const told = sentenceAbout(row.discount, {
    id: 'harus 0 atau kosong pada pengembalian',
    en: 'must be 0 or blank in a refund',
  });
  return { id: `kolom discount: ${told.id}`, en: `column discount: ${told.en}` };
}

/** Consecutive rows of one key but for the line, with one fate. */
export interface Span extends Fate {
  readonly firstRow: number;
  readonly channel: string;
  readonly orderRef: string;
  readonly type: string;
  readonly refundRef: string;
  readonly lineRefs: readonly string[];
}

/** What is known of the last row of the part before. */
export type LastRow = Pick<Span, 'channel' | 'orderRef' | 'type'> & {
  readonly reason: string | null;
  readonly detail: string | null;
};

/** An order that was refused for its size goes on in the next part: the fate of its rows, if these are its rows. */
export function fateOfRest([row]: readonly [Row, ...Row[]], last: LastRow | undefined): Fate | undefined {
  if (last?.reason !== 'invalid' || last.type === 'refund' || isRefund(row)) return undefined;
  if (last.channel !== row.channel || last.orderRef !== row.order_ref) return undefined;
  return { reason: 'invalid', detail: last.detail ?? '' };
}

export function spansOf(rows: readonly Row[], fates: ReadonlyMap<number, Fate>): Span[] {
  const spans: (Span & { lineRefs: string[] })[] = [];
  for (const row of rows) {
    const fate = fates.get(row.number) ?? TAKEN;
    const last = spans.at(-1);
    if (last && !isRefund(row) && isSpanOf(last, row, fate)) last.lineRefs.push(row.line_ref);
    else {
      spans.push({
        firstRow: row.number,
        channel: row.channel,
        orderRef: row.order_ref,
        type: row.type,
        refundRef: row.refund_ref,
        lineRefs: [row.line_ref],
        ...fate,
      });
    }
  }
  return spans;
}

function isSpanOf(span: Span, row: Row, fate: Fate): boolean {
  return (
    span.channel === row.channel &&
    span.orderRef === row.order_ref &&
    span.type === row.type &&
    span.refundRef === row.refund_ref &&
    span.reason === fate.reason &&
    span.detail === fate.detail
  );
}

/** What a sale row without faults says beyond its key, but for its class, as one text: equal for rows that say the same. */
function contentOf(row: Row): string {
  const { sku, quantity, unit_price, discount, store = null } = row.values;
  return JSON.stringify([sku, quantity, unit_price, discount ?? 0, instantOf(row), store]);
}

function instantOf({ ordered_at }: Row): number {
  return Date.parse(ordered_at);
}

/** Path in the checkout of a line's column: `lines/0/unitPrice`. */
function fieldOf(index: number, column: Column | undefined): string {
  const field = column?.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return field === undefined ? `lines/${index}` : `lines/${index}/${field}`;
}

/** The column of a contract's field: `unitPrice` is unit_price. */
function columnOf(field: string): Column | undefined {
  if (field === 'placedAt') return 'ordered_at';
  const name = field.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return columns.find((column) => column === name);
}
