import { Injectable } from '@nestjs/common';
import {
  channelCharged,
  type Event,
  orderIdOf,
  type SettlementConfirmed,
  settlementConfirmed,
  settlementIdOf,
  walletWithdrawn,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { type Cause, newEvent, Outbox } from '#libs/messaging';
import { ExceptionRepository, type SettlementException } from '../../exceptions/exception.repository.ts';
import { PaymentRepository } from '../../payments/payment.repository.ts';
import {
  type ReportedCharge,
  type ReportedLine,
  type ReportedWithdrawal,
  SettlementRepository,
} from '../settlement.repository.ts';
import { faultsOf, walletOf } from '../settlement.ts';
import type { ReportedRow } from './settlement-file.ts';

/** A row that another place has read, as far as what it means is concerned. */
export type SettlementRow = Omit<ReportedRow, 'sheet' | 'line'>;

/**
 * taken: the books have it, or hold it until its order is known. duplicate: it came before. conflict: it came before with
 * other amounts, or of another store. unknown-type: what the channel calls it is none of what we know. no-store: it is of
 * no order, and people look after it since before the books took such rows. too-much: more than its order could be settled
 * for. no-bank: it is not said to which bank it was withdrawn. All but the first two and the last are listed for people.
 */
export type RowOutcome = 'taken' | 'duplicate' | 'conflict' | 'unknown-type' | 'no-store' | 'too-much' | 'no-bank';

/** Rows of a channel, and where their money is and whose they are if a row does not say it. */
export interface RowsOfChannel {
  readonly channel: string;
  readonly bank: string;
  readonly store?: string | undefined;
  /** The bank. */
  readonly withdrawnTo?: string | undefined;
  readonly rows: readonly SettlementRow[];
}

interface Judged {
  readonly row: SettlementRow;
  readonly line: ReportedLine;
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
    { channel, bank, store, withdrawnTo, rows }: RowsOfChannel,
    cause: Cause,
  ): Promise<RowOutcome[]> {
    const orderIds = rows.flatMap(({ orderRef }) => (orderRef === null ? [] : [orderIdOf({ channel, orderRef })]));
    const payments = await this.payments.lock(transaction, [...new Set(orderIds)]);
    const settled = await this.settlements.settledOrders(transaction, orderIds);
    const lines = rows.map((row) => {
      // What is of no order is the channel's own: its reference stands where an order's would.
      const orderId = orderIdOf({ channel, orderRef: row.orderRef ?? '-' });
      const to = { ...row, bank: row.bank ?? bank, store: row.store ?? store ?? null };
      const line = () => {
        if (row.type === 'withdrawal') return withdrawalOf(channel, row, withdrawnTo);
        if (row.orderRef === null) return chargeOf(channel, to, orderId);
        return settlementOf(to, orderId, settled.has(orderId));
      };
      const read = line();
      const isAll = row.type === 'order' && row.settles === 'all';
      if (isAll) settled.add(orderId); // what follows in the file is of an order that is settled
      return { row, line: read };
    });
    const byHand = await this.exceptions.lookedAfter(
      transaction,
      lines.flatMap(({ line }) => (isCharge(line) ? [line.settlementId] : [])),
    );
    const judged = lines.map(({ row, line }): Judged => {
      const payment = payments.get(line.orderId);
      const { correlationId = cause.correlationId } = payment ?? {};
      const outcome = byHand.has(line.settlementId) ? 'no-store' : outcomeOf(row, line, payment);
      return { row, line, outcome, correlationId };
    });
    const taken = judged.filter(({ outcome }) => outcome === 'taken');
    const ofOrders = new Set(taken.flatMap(({ row, line }) => (row.type === 'order' ? [line.settlementId] : [])));
    const added = await this.settlements.addAll(
      transaction,
      taken.map(({ line }) => line),
      // The reference of all others has their only amount in it.
      (line) => {
        if (isCharge(line)) return line.store ?? '';
        if (isWithdrawal(line)) return line.bank;
        return ofOrders.has(line.settlementId) ? amountsOf(line) : '';
      },
    );
    const outcomes = judged.map(({ outcome, line }): RowOutcome => {
      if (outcome !== 'taken') return outcome;
      return added.get(line) ?? 'duplicate';
    });
    await this.outbox.append(
      transaction,
      judged.flatMap(({ line, correlationId }, index) =>
        outcomes[index] === 'taken' ? [eventOf(line, { ...cause, correlationId })] : [],
      ),
    );
    await this.exceptions.resolve(
      transaction,
      judged.flatMap(({ line }, index) => (outcomes[index] === 'taken' ? [line.settlementId] : [])),
    );
    await this.exceptions.add(
      transaction,
      judged.flatMap((each, index) => exceptionOf(channel, each, outcomes[index] as RowOutcome)),
    );
    return outcomes;
  }
}

function eventOf(line: ReportedLine, cause: Cause): Event {
  if (!isCharge(line) && !isWithdrawal(line)) return newEvent(settlementConfirmed, line, cause);
  const { settlementId: _, orderId: __, ...told } = line;
  return 'chargeId' in told ? newEvent(channelCharged, told, cause) : newEvent(walletWithdrawn, told, cause);
}

function isWithdrawal(line: ReportedLine): line is ReportedWithdrawal {
  return 'withdrawalId' in line;
}

function isCharge(line: ReportedLine): line is ReportedCharge {
  return 'chargeId' in line;
}

function amountsOf({ revenue, fee, shipping, withheldTax, paidOut }: SettlementConfirmed): string {
  return JSON.stringify([revenue, fee, shipping, withheldTax, paidOut]);
}

function outcomeOf(
  { type }: SettlementRow,
  line: ReportedLine,
  payment: { readonly amount: number } | undefined,
): RowOutcome {
  if (type === 'unknown') return 'unknown-type';
  if (isWithdrawal(line)) return line.wallet === line.bank ? 'no-bank' : 'taken';
  if (isCharge(line)) return 'taken';
  const paid = payment?.amount ?? Math.abs(line.revenue ?? 0);
  return faultsOf(line, paid).length > 0 ? 'too-much' : 'taken';
}

type RowToBank = SettlementRow & { readonly bank: string };

/** What its channel took or gave beside its orders. */
function chargeOf(channel: string, row: RowToBank, orderId: string): ReportedCharge {
  const { settlementRef, settledAt, withheldTax, paidOut, called, bank, store } = row;
  const settlementId = settlementIdOf(orderId, settlementRef);
  return {
    ...{ settlementId, orderId, chargeId: settlementId, channel, ...(store !== null && { store }) },
    ...{ called, withheldTax, paidOut, bank, chargedAt: settledAt },
  };
}

/** From the channel's own wallet: whoever speaks for it says nothing of those of others. @param to where the row names none */
function withdrawalOf(
  channel: string,
  { settlementRef, settledAt, paidOut, bank }: SettlementRow,
  to: string | undefined,
): ReportedWithdrawal {
  const orderId = orderIdOf({ channel, orderRef: '-' });
  const settlementId = settlementIdOf(orderId, settlementRef);
  const wallet = walletOf(channel);
  return {
    ...{ settlementId, orderId, withdrawalId: settlementId, channel, wallet, bank: bank ?? to ?? wallet },
    ...{ amount: paidOut, withdrawnAt: settledAt },
  };
}

function settlementOf(row: RowToBank, orderId: string, isSettled: boolean): SettlementConfirmed {
  const { bank, settlementRef, settledAt, fee, shipping, withheldTax, revenue, paidOut, settles, type } = row;
  const amounts =
    // Of an order that is settled a compensation is nothing that its price waits for: the channel gives back what it kept.
    type === 'compensation' && isSettled
      ? { fee: -paidOut + 0, revenue: 0, settles: 'part' as const }
      : { fee, revenue, settles };
  const settlementId = settlementIdOf(orderId, settlementRef);
  return { settlementId, orderId, shipping, withheldTax, ...amounts, bank, settledAt, paidOut };
}

function exceptionOf(channel: string, { row, line }: Judged, outcome: RowOutcome): SettlementException[] {
  if (outcome === 'taken' || outcome === 'duplicate' || outcome === 'no-bank') return [];
  return [
    {
      kind: outcome,
      reference: line.settlementId,
      channel,
      detail: row.type === 'unknown' ? row.called : row.orderRef,
      amount: row.paidOut,
      content: line,
    },
  ];
}
