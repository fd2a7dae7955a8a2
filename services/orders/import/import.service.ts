import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import { type Acceptance, AcceptanceService } from '../checkouts/acceptance.service.ts';
import { OrderRepository } from '../orders/order.repository.ts';
import { type ClaimedOrders, ProcessRepository } from '../process/process.repository.ts';
import type { Origin } from '../process/step.ts';
import { RefundsService } from '../refunds/refunds.service.ts';
import type { Fields } from './columns.ts';
import { ImportRepository } from './import.repository.ts';
import {
  compareWithOrder,
  type Draft,
  draftOf,
  type Fate,
  fateOfRest,
  groupsOf,
  invalidFates,
  isRefund,
  judgeRefund,
  orderIdOfRow,
  type Row,
  spansOf,
  TAKEN,
} from './rows.ts';

/** An order's rows, as they came and as what they make. */
interface Sale {
  readonly group: readonly [Row, ...Row[]];
  readonly draft: Draft;
}
/** By the rows' numbers. */
type Fates = Map<number, Fate>;

/** Takes the rows of a file of orders and refunds, part by part; see import.md. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly runs: ImportRepository,
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
    private readonly acceptance: AcceptanceService,
    private readonly refunds: RefundsService,
  ) {}

  /**
   * Takes the next rows of a run, in one transaction. The run's id is the correlation id of all that they cause.
   * @param firstRow their first row's number in the file; rows that came before are not taken again
   * @param person who imports; undefined: a program
   * @returns how many rows of the run have been taken in all
   */
  async take(runId: string, firstRow: number, rows: readonly Fields[], person?: string): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const received = await this.runs.lockRun(transaction, runId);
      if (firstRow <= received) return received;
      if (firstRow > received + 1) {
        const detail = `Row ${received + 1} comes next, not row ${firstRow}.`;
        throw new Problem({ status: 409, title: 'Rows are missing', detail });
      }
      const fates: Fates = new Map();
      const [first, ...others] = groupsOf(firstRow, rows);
      const refused = first && fateOfRest(first, await this.runs.lastRow(transaction, runId));
      if (first && refused) setAll(fates, first, Array(first.length).fill(refused));
      const groups = first && !refused ? [first, ...others] : others;
      const cause: Origin = { correlationId: runId, ...(person !== undefined && { person }) };
      const sales = groups.filter(([row]) => !isRefund(row)).map((group): Sale => ({ group, draft: draftOf(group) }));
      const refunds = groups.flat().filter(isRefund);
      const claimed = await this.processes.claim(transaction, {
        told: [
          ...sales.flatMap(({ group: [row], draft }) => (isNamed(draft) ? [row] : [])),
          ...refunds.filter(({ faults }) => faults.length === 0),
        ].map(orderIdOfRow),
      });
      const firstSaleOf = new Map(sales.toReversed().map(({ group: [row] }) => [orderIdOfRow(row), row.number]));
      const isEarly = (row: Row): boolean => row.number < (firstSaleOf.get(orderIdOfRow(row)) ?? 0);
      await this.#takeRefunds(transaction, claimed, refunds.filter(isEarly), cause, fates);
      await this.#takeSales(transaction, claimed, sales, cause, fates);
      await this.#takeRefunds(
        transaction,
        claimed,
        refunds.filter((row) => !isEarly(row)),
        cause,
        fates,
      );
      const total = received + rows.length;
      await this.runs.addSpans(transaction, runId, total, spansOf([...(first ?? []), ...others.flat()], fates));
      return total;
    });
  }

  /** Groups of one order are taken one after the other, those of different orders together. */
  async #takeSales(
    transaction: Transaction,
    claimed: ClaimedOrders,
    sales: readonly Sale[],
    cause: Origin,
    fates: Fates,
  ): Promise<void> {
    for (let waiting = sales; waiting.length > 0; ) {
      const wave = new Map(waiting.toReversed().map((sale) => [orderIdOfRow(sale.group[0]), sale]));
      waiting = waiting.filter((sale) => wave.get(orderIdOfRow(sale.group[0])) !== sale);

      const known = await this.orders.find(transaction, [...wave.keys()]);
      const drafts: Draft[] = [];
      for (const [orderId, { group, draft }] of wave) {
        const order = known.get(orderId);
        if (order) setAll(fates, group, compareWithOrder(group, order));
        else drafts.push(draft);
      }
      const named = drafts.filter(isNamed);
      const acceptances = await this.acceptance.accept(
        transaction,
        claimed,
        named.map(({ content, faults }) => ({ content, cause, faults })),
      );
      const acceptanceOf = new Map(named.map((draft, index) => [draft, acceptances[index]]));
      for (const draft of drafts) {
        setAll(fates, draft.rows, fatesOf(draft, acceptanceOf.get(draft)));
      }
    }
  }

  async #takeRefunds(
    transaction: Transaction,
    claimed: ClaimedOrders,
    rows: readonly Row[],
    cause: Origin,
    fates: Fates,
  ): Promise<void> {
    if (rows.length === 0) return;
    const orderIds = [...new Set(rows.map(orderIdOfRow))];
    const orders = await this.orders.find(transaction, orderIds);
    const asked = rows.flatMap((row) => {
      const orderId = orderIdOfRow(row);
      const judgement = judgeRefund(row, orders.get(orderId), claimed.get(orderId));
      if ('request' in judgement) return [{ row, request: judgement.request, cause }];
      fates.set(row.number, judgement.fate);
      return [];
    });
    const answers = await this.refunds.ask(transaction, claimed, asked, { awaitCheckout: false });
    for (const [index, { row }] of asked.entries()) {
      const answer = answers[index];
      if (answer !== 'taken' && answer !== undefined) fates.set(row.number, { reason: answer });
    }
  }
}

function setAll(fates: Fates, rows: readonly Row[], own: readonly Fate[]): void {
  for (const [index, { number }] of rows.entries()) fates.set(number, own[index] ?? TAKEN);
}

function isNamed({ namingFaults }: Draft): boolean {
  return namingFaults.length === 0;
}

/** The fates of a draft's rows; without an acceptance it was never judged, having no name. */
function fatesOf(draft: Draft, acceptance: Acceptance | undefined): Fate[] {
  if (acceptance === undefined) return invalidFates(draft, [...draft.faults, ...draft.namingFaults]);
  const { outcome } = acceptance;
  // One that was found wrong before is told so again: nobody sells anything by a word of repetition.
  if (outcome === 'invalid' || (outcome === 'duplicate' && acceptance.faults.length > 0)) {
    return invalidFates(draft, acceptance.faults);
  }
  const fate = outcome === 'accepted' ? TAKEN : { reason: outcome };
  return draft.rows.map((row) => draft.fates.get(row) ?? fate);
}
