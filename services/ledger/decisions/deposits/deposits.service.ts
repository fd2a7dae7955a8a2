import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { isToDo } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import { type Cause, newId } from '#libs/messaging';
import { accountCode } from '../../books/accounts/account-code.ts';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { postJournals } from '../../books/journals/posting.repository.ts';
import { openBooks } from '../../books/open-books.repository.ts';
import { DepositRepository } from './deposit.repository.ts';
import { type Deposit, decisionOf, depositEntries } from './deposit.ts';

@Injectable()
export class DepositsService {
  constructor(
    private readonly deposits: DepositRepository,
    private readonly balances: BalanceRepository,
  ) {}

  /** Keeps what the state's billing system was asked for: no more than the facility owes and has not billed yet. */
  async bill(
    transaction: Transaction,
    deposit: Pick<Deposit, 'facilityId' | 'bank' | 'amount' | 'billingCode'> & { by: string },
  ): Promise<string> {
    const { facilityId, amount } = deposit;
    await transaction.elevated(() => openBooks(transaction, [facilityId]));
    const account = accountCode.state(facilityId);
    const open = (await this.balances.available(transaction, [account])).get(account) ?? 0;
    if (amount > open)
      throw conflict('More than is owed', `${facilityId} owes ${open} rupiah that are not billed yet.`);
    const depositId = newId();
    if (!(await this.deposits.add(transaction, { ...deposit, depositId, createdBy: deposit.by }))) {
      throw conflict('Billing code used', `Another deposit has the billing code ${deposit.billingCode}.`);
    }
    return depositId;
  }

  /** The state has the money, as its receipt says: it is owed no longer. By another person than who billed it. */
  async confirm(transaction: Transaction, depositId: string, receipt: Receipt, cause: Cause): Promise<void> {
    const deposit = await this.deposits.lock(transaction, depositId);
    if (!deposit) throw notFound('Deposit', depositId);
    await transaction.elevated(() => this.#confirm(transaction, deposit, receipt, cause));
  }

  async #confirm(
    transaction: Transaction,
    deposit: Deposit,
    { ntpn, depositedAt, by }: Receipt,
    { correlationId }: Cause,
  ): Promise<void> {
    const books = await openBooks(transaction, [deposit.facilityId]); // before the change of the deposit is recorded
    if (!isToDo(decisionOf(deposit), 'approval', by) && deposit.ntpn === ntpn) return;
    if (deposit.ntpn !== null) throw conflict('Deposit confirmed', `Its receipt is ${deposit.ntpn}.`);
    const { depositId, facilityId, bank, amount, billingCode } = deposit;
    const journalId = newId();
    if (!(await this.deposits.confirm(transaction, { depositId, ntpn, depositedAt, confirmedBy: by, journalId }))) {
      throw conflict('Receipt used', `Another deposit has the receipt ${ntpn}.`);
    }
    const refused = await postJournals(books, [
      {
        journalId,
        facilityId,
        kind: 'deposit',
        postedOn: books.dayOf(depositedAt),
        occurredAt: depositedAt,
        sourceEventId: newId(), // a person's word, no event
        sourceReference: depositId,
        reverses: null,
        agreement: null,
        correlationId,
        source: { depositId, facilityId, bank, amount, billingCode, ntpn, depositedAt, by },
        entries: depositEntries(deposit),
      },
    ]);
    if (refused.size > 0) throw new Error(`deposit ${depositId} was posted before`);
  }
}

interface Receipt {
  readonly ntpn: string;
  readonly depositedAt: string;
  /** Person id. */
  readonly by: string;
}

function conflict(title: string, detail: string): Problem {
  return new Problem({ status: 409, title, detail });
}
