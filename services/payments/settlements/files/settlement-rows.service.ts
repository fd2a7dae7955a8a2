import { Injectable } from '@nestjs/common';
import { orderIdOf, type SettlementConfirmed, settlementConfirmed, settlementIdOf } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { ExceptionRepository, type SettlementException } from '../../exceptions/exception.repository.ts';
import { PaymentRepository } from '../../payments/payment.repository.ts';
import { SettlementRepository } from '../settlement.repository.ts';
import { faultsOf } from '../settlement.ts';
import type { ReportedRow } from './settlement-file.ts';

/** A row that another place has read, as far as what it means is concerned. */
export type SettlementRow = Omit<ReportedRow, 'sheet' | 'line'>;

/**
 * taken: the books have it, or hold it until its order is known. duplicate: it came before. conflict: it came before with
 * other amounts. unknown-type: what the channel calls it is none of what we know. no-store: it is of no order. too-much:
 * more than its order could be settled for. All but the first two are listed for people.
 */
export type RowOutcome = 'taken' | 'duplicate' | 'conflict' | 'unknown-type' | 'no-store' | 'too-much';

interface Judged {
  readonly row: SettlementRow;
  readonly settlement: SettlementConfirmed;
  readonly outcome: RowOutcome;
  readonly correlationId: string;
}

/** Takes rows of channels' reports, whoever has read them. */
@Injectable()
export class SettlementRowsService {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly settlements: SettlementRepository,
    private readonly exceptions: ExceptionRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Each row once: its reference is made of what does not change from one export to the next.
   * @returns what became of each, in their order
   */
  async take(
    transaction: Transaction,
    { channel, bank, rows }: { channel: string; bank: string; rows: readonly SettlementRow[] },
    cause: Cause,
  ): Promise<RowOutcome[]> {
    const orderIds = rows.flatMap(({ orderRef }) => (orderRef === null ? [] : [orderIdOf({ channel, orderRef })]));
    const payments = await this.payments.lock(transaction, [...new Set(orderIds)]);
    const settled = await this.settlements.settledOrders(transaction, orderIds);
    const judged = rows.map((row): Judged => {
      // What is of no order is the channel's own: its reference stands where an order's would.
      const orderId = orderIdOf({ channel, orderRef: row.orderRef ?? '-' });
      const settlement = settlementOf(row, orderId, row.bank ?? bank, settled.has(orderId));
      const payment = payments.get(orderId);
      const isAll = row.type === 'order' && row.settles === 'all';
      if (isAll) settled.add(orderId); // what follows in the file is of an order that is settled
      const { correlationId = cause.correlationId } = payment ?? {};
      return { row, settlement, outcome: outcomeOf(row, settlement, payment), correlationId };
    });
    const taken = judged.filter(({ outcome }) => outcome === 'taken');
    const ofOrders = new Set(
      taken.flatMap(({ row, settlement }) => (row.type === 'order' ? [settlement.settlementId] : [])),
    );
    const added = await this.settlements.addAll(
      transaction,
      taken.map(({ settlement }) => settlement),
      // The reference of all others has their only amount in it.
      (settlement) => (ofOrders.has(settlement.settlementId) ? amountsOf(settlement) : ''),
    );
    const outcomes = judged.map(({ outcome, settlement }): RowOutcome => {
      if (outcome !== 'taken') return outcome;
      return added.get(settlement) ?? 'duplicate';
    });
    await this.outbox.append(
      transaction,
      judged.flatMap(({ settlement, correlationId }, index) =>
        outcomes[index] === 'taken' ? [newEvent(settlementConfirmed, settlement, { ...cause, correlationId })] : [],
      ),
    );
    await this.exceptions.resolve(
      transaction,
      judged.flatMap(({ settlement }, index) => (outcomes[index] === 'taken' ? [settlement.settlementId] : [])),
    );
    await this.exceptions.add(
      transaction,
      judged.flatMap((each, index) => exceptionOf(channel, each, outcomes[index] as RowOutcome)),
    );
    return outcomes;
  }
}

function amountsOf({ revenue, fee, shipping, withheldTax, paidOut }: SettlementConfirmed): string {
  return JSON.stringify([revenue, fee, shipping, withheldTax, paidOut]);
}

function outcomeOf(
  { orderRef, type }: SettlementRow,
  settlement: SettlementConfirmed,
  payment: { readonly amount: number } | undefined,
): RowOutcome {
  if (type === 'unknown') return 'unknown-type';
  if (orderRef === null) return 'no-store';
  const paid = payment?.amount ?? Math.abs(settlement.revenue ?? 0);
  return faultsOf(settlement, paid).length > 0 ? 'too-much' : 'taken';
}

function settlementOf(row: SettlementRow, orderId: string, bank: string, isSettled: boolean): SettlementConfirmed {
  const { settlementRef, settledAt, fee, shipping, withheldTax, revenue, paidOut, settles, type } = row;
  const amounts =
    // Of an order that is settled a compensation is nothing that its price waits for: the channel gives back what it kept.
    type === 'compensation' && isSettled
      ? { fee: -paidOut + 0, revenue: 0, settles: 'part' as const }
      : { fee, revenue, settles };
  const settlementId = settlementIdOf(orderId, settlementRef);
  return { settlementId, orderId, shipping, withheldTax, ...amounts, bank, settledAt, paidOut };
}

function exceptionOf(channel: string, { row, settlement }: Judged, outcome: RowOutcome): SettlementException[] {
  if (outcome === 'taken' || outcome === 'duplicate') return [];
  return [
    {
      kind: outcome,
      reference: settlement.settlementId,
      channel,
      detail: row.type === 'unknown' ? row.called : row.orderRef,
      amount: settlement.paidOut ?? 0,
      content: settlement,
    },
  ];
}
