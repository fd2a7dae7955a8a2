import { Injectable } from '@nestjs/common';
import { type DataOf, disbursementPaid, type Event, payoutApproved, type payoutSent } from '#libs/contracts';
import { isInScope, type Transaction } from '#libs/database';
import { isToDo } from '#libs/decisions';
import { notFound, Problem } from '#libs/http';
import { type Cause, newEvent, newId, Outbox } from '#libs/messaging';
import { BalanceRepository } from '../../books/accounts/balance.repository.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import { type Draft, draft, EventPostingService, type RefusedEvent } from '../../sales/sales/event-posting.service.ts';
import { PayoutRepository } from './payout.repository.ts';
import {
  answered,
  type BankAnswer,
  decisionOf,
  type LeftOut,
  noLongerPayable,
  PAYOUT_FROM,
  type Payout,
  type PayoutItem,
  payeeOf,
} from './payout.ts';

/** Of one event to the bank; whoever is not in it is in the next payout. */
const ITEMS_MAX = 5_000;

@Injectable()
export class PayoutsService {
  constructor(
    private readonly payouts: PayoutRepository,
    private readonly balances: BalanceRepository,
    private readonly posting: EventPostingService,
    private readonly outbox: Outbox,
  ) {}

  /** Proposes to pay everybody what the facility owes them. Nothing is reserved until somebody else approves. */
  async propose(
    transaction: Transaction,
    proposal: Pick<Payout, 'facilityId' | 'bank' | 'upTo'> & { by: string },
    { correlationId }: Cause,
  ): Promise<string> {
    const payable = isInScope(proposal.facilityId)
      ? await transaction.elevated(() => this.payouts.payable(transaction, proposal, { limit: ITEMS_MAX }))
      : [];
    if (payable.length === 0) throw conflict('Nothing to pay', `Nothing is available at ${proposal.facilityId}.`);
    const payoutId = newId();
    await this.payouts.add(
      transaction,
      { ...proposal, payoutId, createdBy: proposal.by, correlationId },
      payable.map((item) => ({ ...item, itemId: newId() })),
    );
    return payoutId;
  }

  /** Somebody has looked at who gets how much. What is excluded stays available. */
  async review(transaction: Transaction, payoutId: string, by: string, excluded: readonly string[]): Promise<void> {
    const payout = await this.#lock(transaction, payoutId);
    const { items } = payout;
    if (!isToDo(decisionOf(payout), 'review', by)) {
      const leftOut = items.filter(({ status }) => status === 'rejected').map(({ itemId }) => itemId);
      if (leftOut.length === new Set(excluded).size && leftOut.every((itemId) => excluded.includes(itemId))) return;
      throw conflict('Already reviewed', `It leaves out ${leftOut.join(', ') || 'nobody'}.`);
    }
    const unknown = excluded.filter((id) => items.every(({ itemId }) => itemId !== id));
    if (unknown.length > 0) throw conflict('Not of this payout', unknown.join(', '));
    if (new Set(excluded).size === items.length) throw conflict('Nothing left to pay', 'Reject it instead.');
    await this.payouts.review(transaction, { payoutId, by, excluded });
  }

  /**
   * Reserves all of it and asks payments for it or, if something is no longer available, nothing. By somebody who neither
   * proposed nor reviewed it.
   */
  async approve(transaction: Transaction, payoutId: string, by: string, cause: Cause): Promise<void> {
    const payout = await this.#lock(transaction, payoutId);
    if (!isToDo(decisionOf(payout), 'approval', by, PAYOUT_FROM.approval)) return;
    await transaction.elevated(() => this.#reserve(transaction, payout, by, cause));
  }

  async #reserve(transaction: Transaction, payout: PayoutWithItems, by: string, cause: Cause): Promise<void> {
    const { payoutId, facilityId, bank } = payout;
    const items = payout.items.filter(({ status }) => status === 'proposed');
    await this.balances.lockOwners(transaction, items.map(payeeOf));
    const accounts = items.map(({ account }) => account);
    const payable = await this.payouts.payable(transaction, payout, { limit: ITEMS_MAX, accounts });
    const gone = noLongerPayable(items, payable);
    if (gone.length > 0) throw conflict('No longer available', `Reject it and propose again: ${gone.join('; ')}.`);
    await this.payouts.decide(transaction, { payoutId, status: 'approved', by, reason: null });
    const toPay = items.map((item) => ({
      itemId: item.itemId,
      payee: item.payee ?? payeeOf(item),
      amount: item.amount,
    }));
    await this.outbox.append(transaction, [
      newEvent(payoutApproved, { payoutId, facilityId, bank, items: toPay }, cause),
    ]);
  }

  async reject(transaction: Transaction, payoutId: string, by: string, reason: string): Promise<void> {
    const payout = await this.#lock(transaction, payoutId);
    if (!isToDo(decisionOf(payout), 'rejection', by, PAYOUT_FROM.rejection)) return;
    await this.payouts.decide(transaction, { payoutId, status: 'rejected', by, reason });
  }

  /** Only by who proposed it. */
  async withdraw(transaction: Transaction, payoutId: string, by: string): Promise<void> {
    const payout = await this.#lock(transaction, payoutId);
    if (!isToDo(decisionOf(payout), 'withdrawal', by, PAYOUT_FROM.withdrawal)) return;
    await this.payouts.decide(transaction, { payoutId, status: 'withdrawn', by, reason: null });
  }

  /** Who is not paid: while nobody has decided, as it is now; then, whom the review left out. */
  async leftOut(transaction: Transaction, payout: PayoutWithItems): Promise<LeftOut[]> {
    const excluded = payout.items.filter(({ status }) => status === 'rejected');
    const reviewed = excluded.map(({ account, amount }) => ({ account, amount, because: 'excluded' as const }));
    if (payout.status !== 'proposed' && payout.status !== 'reviewed') return reviewed;
    const paid = payout.items.map(({ account }) => account);
    const others = await transaction.elevated(() =>
      this.payouts.leftOut(transaction, payout, { limit: ITEMS_MAX, paid }),
    );
    return [...reviewed, ...others];
  }

  /** Payments has given it to the bank. */
  async sent(transaction: Transaction, events: readonly Event<DataOf<typeof payoutSent>>[]): Promise<void> {
    await this.payouts.sent(
      transaction,
      events.map(({ data }) => data.payoutId),
    );
  }

  /** Books what the bank did. What failed is available again. */
  answer(books: Books, events: readonly Event<BankAnswer['data']>[]): Promise<void> {
    return this.posting.fitting(
      books,
      events,
      ({ itemId }) => itemId,
      (some) => this.#answer(books, some),
    );
  }

  async #answer(books: Books, events: readonly Event<BankAnswer['data']>[]): Promise<void> {
    const { transaction } = books;
    const items = await this.payouts.lockItems(
      transaction,
      events.map(({ data }) => data.itemId),
    );
    await this.balances.lockOwners(transaction, [...items.values()].map(payeeOf)); // before the items' change is recorded
    const drafts: Draft<BankAnswer['data']>[] = [];
    const refused: RefusedEvent[] = [];
    const changed = new Set<string>();
    for (const event of events) {
      const { itemId } = event.data;
      const answer = { type: event.type === disbursementPaid.type ? 'paid' : 'failed', data: event.data } as BankAnswer;
      const item = items.get(itemId);
      const outcome = item ? answered(item, answer) : 'conflict';
      if (!item || outcome === 'conflict') {
        refused.push({ event, reference: itemId, reason: 'conflict' });
        continue;
      }
      if (!outcome) continue;
      const occurredAt = answer.type === 'paid' ? answer.data.paidAt : answer.data.failedAt;
      const journal = draft(event, {
        kind: outcome.kind,
        postedOn: books.dayOf(occurredAt),
        occurredAt,
        sourceReference: itemId,
        reverses: outcome.kind === 'payout-failed' ? item.journalId : null,
        agreement: null,
        entries: outcome.entries,
      });
      drafts.push({ event, journal });
      changed.add(itemId);
      items.set(itemId, {
        ...item,
        status: outcome.status,
        reason: answer.type === 'failed' ? answer.data.reason : null,
        journalId: outcome.kind === 'payout' ? journal.journalId : item.journalId,
      });
    }
    const posted = await this.posting.post(books, drafts, refused);
    if (posted.length !== drafts.length) throw new Error('an item changed without its journal');
    await this.payouts.saveItems(
      transaction,
      [...items.values()].filter(({ itemId }) => changed.has(itemId)),
    );
  }

  /** Nobody else decides about it, pays from its facility or changes who is paid, until the transaction ends. */
  async #lock(transaction: Transaction, payoutId: string): Promise<PayoutWithItems> {
    const found = await this.payouts.find(transaction, payoutId);
    if (!found) throw notFound('Payout', payoutId);
    await transaction.elevated(() => openBooks(transaction, [found.facilityId]));
    return (await this.payouts.lock(transaction, payoutId)) ?? found;
  }
}

type PayoutWithItems = Payout & { readonly items: readonly PayoutItem[] };

function conflict(title: string, detail: string): Problem {
  return new Problem({ status: 409, title, detail });
}
