import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import { Problem } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { type Acceptance, AcceptanceService } from '../checkouts/acceptance.service.ts';
import { OrderRepository } from '../orders/order.repository.ts';
import { ProcessRepository } from '../process/process.repository.ts';
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

type SaleGroup = readonly [Row, ...Row[]];
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
   * @returns how many rows of the run have been taken in all
   */
  async take(runId: string, firstRow: number, rows: readonly Fields[]): Promise<number> {
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
      await this.processes.lock(transaction, [...new Set(groups.flat().map(orderIdOfRow))]);
      const cause = { correlationId: runId };
      const sales = groups.filter(([row]) => !isRefund(row));
      const refunds = groups.flat().filter(isRefund);
      const firstSaleOf = new Map(sales.toReversed().map(([row]) => [orderIdOfRow(row), row.number]));
      const isEarly = (row: Row): boolean => row.number < (firstSaleOf.get(orderIdOfRow(row)) ?? 0);
      await this.#takeRefunds(transaction, refunds.filter(isEarly), cause, fates);
      await this.#takeSales(transaction, sales, cause, fates);
      await this.#takeRefunds(
        transaction,
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
  async #takeSales(transaction: Transaction, groups: readonly SaleGroup[], cause: Cause, fates: Fates): Promise<void> {
    for (let waiting = groups; waiting.length > 0; ) {
      const wave = new Map(waiting.toReversed().map((group) => [orderIdOfRow(group[0]), group]));
      waiting = waiting.filter((group) => wave.get(orderIdOfRow(group[0])) !== group);

      const known = await this.orders.find(transaction, [...wave.keys()]);
      const drafts: Draft[] = [];
      for (const [orderId, group] of wave) {
        const order = known.get(orderId);
        if (order) setAll(fates, group, compareWithOrder(group, order));
        else drafts.push(draftOf(group));
      }
      const named = drafts.filter(({ namingFaults }) => namingFaults.length === 0);
      const acceptances = await this.acceptance.accept(
        transaction,
        named.map(({ content, faults }) => ({ content, cause, faults })),
      );
      const acceptanceOf = new Map(named.map((draft, index) => [draft, acceptances[index]]));
      for (const draft of drafts) {
        setAll(fates, draft.rows, fatesOf(draft, acceptanceOf.get(draft)));
      }
    }
  }

  async #takeRefunds(transaction: Transaction, rows: readonly Row[], cause: Cause, fates: Fates): Promise<void> {
    if (rows.length === 0) return;
    const orderIds = [...new Set(rows.map(orderIdOfRow))];
    const states = await this.processes.lock(transaction, orderIds);
    const orders = await this.orders.find(transaction, orderIds);
    const asked = rows.flatMap((row) => {
      const orderId = orderIdOfRow(row);
      const judgement = judgeRefund(row, orders.get(orderId), states.get(orderId));
      if ('request' in judgement) return [{ row, request: judgement.request, cause }];
      fates.set(row.number, judgement.fate);
      return [];
    });
    const answers = await this.refunds.ask(transaction, asked, { awaitCheckout: false });
    for (const [index, { row }] of asked.entries()) {
      const answer = answers[index];
      if (answer !== 'taken' && answer !== undefined) fates.set(row.number, { reason: answer });
    }
  }
}

function setAll(fates: Fates, rows: readonly Row[], own: readonly Fate[]): void {
  for (const [index, { number }] of rows.entries()) fates.set(number, own[index] ?? TAKEN);
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
