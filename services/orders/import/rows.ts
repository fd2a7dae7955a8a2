import {
  checkoutCompleted,
  type Judgement,
  Money,
  orderIdOf,
  type RefundRequest,
  refundIdOf,
  refundRequestViolations,
  type Violation,
} from '#libs/contracts';
import type { Order } from '../orders/order.ts';
import { findRefund, isSameRefund, type OrderState } from '../process/order-process.ts';
import { type Column, columns, type Fields, isSameCheckout } from './columns.ts';

/** One row of the file. */
export type Row = { readonly [Name in Column]: string } & {
  /** n-th data row of the file, from 1. */
  readonly number: number;
  /** It has as many fields as the header. */
  readonly isWhole: boolean;
};

/** Why a row is not taken; of one that is taken nothing, its fate is its order's or refund's. */
export interface Fate {
  readonly reason?: 'duplicate' | 'conflict' | 'order-closed' | 'invalid' | 'mismatch';
  readonly detail?: string;
}

export const TAKEN: Fate = {};

export function rowOf(fields: Fields, number: number): Row {
  const isWhole = fields.length === columns.length && !fields.includes(null);
  // PostgreSQL's texts cannot hold a NUL; as another control character the field is just as invalid.
  const text = (index: number): string => fields[index]?.replaceAll('\0', '\u0001') ?? '';
  const values = Object.fromEntries(columns.map((column, index) => [column, text(index)])) as Record<Column, string>;
  return { ...values, number, isWhole };
}

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
    const line = lines.get(row.line_ref);
    if (!line) return { reason: 'order-closed' };
    const { sku, quantity, unitPrice, discount } = line;
    const stored = JSON.stringify([sku, quantity, unitPrice, discount, Date.parse(order.placedAt)]);
    return { reason: row.isWhole && stored === contentOf(row) ? 'duplicate' : 'conflict' };
  });
}

/** A checkout of sale rows, to be judged like any other. */
export interface Draft {
  readonly rows: readonly Row[];
  /** Of the rows: repetitions of a line within the checkout have their fate already. */
  readonly fates: readonly Fate[];
  /** The rows that are lines of the checkout, in its order. */
  readonly lineRows: readonly Row[];
  /** A Checkout as far as the texts can be read: a field that cannot stays text, and its rule will say so. */
  readonly content: { readonly channel: string; readonly orderRef: string };
  /** What only a file can do wrong. */
  readonly faults: readonly Violation[];
  /** Why channel and order_ref do not name an order: then there is none to reject. */
  readonly namingFaults: readonly Violation[];
}

export function draftOf(rows: readonly [Row, ...Row[]]): Draft {
  const [first] = rows;
  const byLine = new Map<string, Row>();
  const fates = rows.map((row): Fate => {
    const before = byLine.get(row.line_ref);
    if (before) return { reason: contentOf(before) === contentOf(row) ? 'duplicate' : 'conflict' };
    byLine.set(row.line_ref, row);
    return TAKEN;
  });
  const lineRows = [...byLine.values()];
  const content = {
    channel: first.channel,
    orderRef: first.order_ref,
    placedAt: first.ordered_at,
    lines: lineRows.map((row) => ({
      lineRef: row.line_ref,
      sku: row.sku,
      quantity: readInteger(row.quantity),
      unitPrice: readInteger(row.unit_price),
      discount: readInteger(row.discount || '0'),
    })),
  };
  const faults = lineRows.flatMap((row, index): Violation[] => [
    ...fault(
      !row.isWhole,
      `lines/${index}`,
      'fields',
      'must have as many fields as the header',
      'harus punya kolom sebanyak kepala tabel',
    ),
    ...fault(
      row.type !== 'sale',
      `lines/${index}/type`,
      'not-a-choice',
      'must be sale or refund',
      'harus sale atau refund',
    ),
    ...fault(
      row.refund_ref !== '',
      `lines/${index}/refundRef`,
      'not-blank',
      'must be blank in a sale',
      'harus kosong pada penjualan',
    ),
    ...fault(
      readInstant(row.ordered_at) !== readInstant(first.ordered_at),
      `lines/${index}/placedAt`,
      'other-instant',
      'must be the same in all rows of an order',
      'harus sama di semua baris satu pesanan',
    ),
  ]);
  return { rows, fates, lineRows, content, faults, namingFaults: checkoutCompleted.violations(content) };
}

/** The first fault of a checkout in the words of its file: `row 7, unit_price must be >= 0`. */
export function faultInFile([fault]: readonly Violation[], lineRows: readonly Row[]): string {
  if (!fault) return '';
  const [, index, lineField] = /^lines\/(\d+)(?:\/(.*))?$/.exec(fault.field) ?? [];
  const row = lineRows[Number(index ?? 0)];
  const column = columnOf(index === undefined ? fault.field : (lineField ?? ''));
  return `row ${row?.number}${column && `, ${column}`} ${fault.message.en}`;
}

/** A refund row as a request to its order's process, or why it does not become one. */
export function judgeRefund(
  row: Row,
  order: Order | undefined,
  state: OrderState | undefined,
): { request: RefundRequest } | { fate: Fate } {
  const unitPrice = readInteger(row.unit_price);
  const discount = readInteger(row.discount || '0');
  const request = {
    channel: row.channel,
    orderRef: row.order_ref,
    lineRef: row.line_ref,
    refundRef: row.refund_ref,
    quantity: readInteger(row.quantity),
    requestedAt: row.ordered_at,
  };
  const [first] = [
    ...fault(
      !row.isWhole,
      '',
      'fields',
      'must have as many fields as the header',
      'harus punya kolom sebanyak kepala tabel',
    ),
    ...refundRequestViolations(request),
    ...judged('unitPrice', Money.judge(unitPrice)),
    ...fault(typeof discount !== 'number', 'discount', 'not-blank', REFUND_DISCOUNT, 'harus 0 atau kosong pada refund'),
  ];
  if (first) return { fate: { reason: 'invalid', detail: `${columnOf(first.field)} ${first.message.en}`.trim() } };
  const valid = request as RefundRequest;

  const line = order?.lines.find(({ lineRef }) => lineRef === row.line_ref);
  const differs = line && differenceOf(row, line, unitPrice, discount);
  const before = state && findRefund(state, refundIdOf(orderIdOf(valid), row.line_ref, row.refund_ref));
  if (before) {
    const isSameInstant = readInstant(before.requestedAt) === readInstant(valid.requestedAt);
    const isSame = differs === undefined && isSameInstant && isSameRefund(before, valid);
    return { fate: { reason: isSame ? 'duplicate' : 'conflict' } };
  }
  if (differs !== undefined) return { fate: { reason: 'mismatch', detail: differs } };
  return { request: valid };
}

function differenceOf(
  row: Row,
  line: { readonly sku: string; readonly unitPrice: number },
  unitPrice: number | string,
  discount: number | string,
): string | undefined {
  if (row.sku !== line.sku) return `sku is not the sale's`;
  if (unitPrice !== line.unitPrice) return `unit_price is not the sale's`;
  if (discount !== 0) return `discount ${REFUND_DISCOUNT}`;
  return undefined;
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

export function spansOf(rows: readonly Row[], fates: ReadonlyMap<Row, Fate>): Span[] {
  const spans: (Span & { lineRefs: string[] })[] = [];
  for (const row of rows) {
    const fate = fates.get(row) ?? TAKEN;
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

/** What a sale row says beyond its key, as one text: equal for rows that say the same. */
function contentOf(row: Row): string {
  const numbers = [row.quantity, row.unit_price, row.discount || '0'].map(readInteger);
  return JSON.stringify([row.sku, ...numbers, readInstant(row.ordered_at)]);
}

/** A whole number, or the text that is none. */
function readInteger(text: string): number | string {
  return /^-?\d{1,18}$/.test(text) ? Number(text) : text;
}

/** Milliseconds, or the text that is no instant. */
function readInstant(text: string): number | string {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? text : milliseconds;
}

const REFUND_DISCOUNT = 'must be 0 or blank in a refund';

function fault(isWrong: boolean, field: string, code: string, en: string, id: string): Violation[] {
  return isWrong ? [{ field, code, message: { id, en } }] : [];
}

function judged(field: string, { fault }: Judgement<number>): Violation[] {
  return fault ? [{ field, ...fault }] : [];
}

/** The column of a contract's field: `unitPrice` is unit_price. */
function columnOf(field: string): string {
  if (field === 'placedAt' || field === 'requestedAt') return 'ordered_at';
  return field.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
