import { Injectable } from '@nestjs/common';
import { canonical, type Event, type WalletWithdrawn } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newId } from '#libs/messaging';
import type { Journal } from '../../books/journals/journal.ts';
import { type Books, openBooks } from '../../books/open-books.repository.ts';
import { type Draft, EventPostingService, type RefusedEvent } from '../sales/event-posting.service.ts';
import { WalletRepository } from './wallet.repository.ts';
import { type InWallet, type PartOfWithdrawal, partsOf, referenceOf, withdrawalEntries } from './withdrawal.ts';

/**
 * Books what goes from the wallet of a channel to a bank: in each book its part, by what it has in the wallet. More than
 * is there is refused, until it is there: what was paid out to the wallet may be told later than that it has left it.
 */
@Injectable()
export class WithdrawalsService {
  constructor(
    private readonly wallets: WalletRepository,
    private readonly posting: EventPostingService,
  ) {}

  async withdraw(transaction: Transaction, events: readonly Event<WalletWithdrawn>[]): Promise<void> {
    if (events.length === 0) return;
    const wallets = [...new Set(events.map(({ data }) => data.wallet))];
    const facilityIds = await this.wallets.booksWith(transaction, wallets);
    const books = await openBooks(transaction, facilityIds);
    const left = await this.wallets.inWallets(transaction, wallets, facilityIds);
    const posted = await this.wallets.posted(
      transaction,
      events.flatMap(({ data: { withdrawalId } }) =>
        facilityIds.map((facilityId) => referenceOf({ withdrawalId, facilityId })),
      ),
    );
    const drafts: Draft<WalletWithdrawn>[] = [];
    const refused: RefusedEvent[] = [];
    for (const event of events) {
      const { withdrawalId, wallet } = event.data;
      const before = posted.get(withdrawalId);
      if (before) {
        if (contentOf(before) !== contentOf(event.data)) {
          refused.push({ event, reference: withdrawalId, reason: 'conflict' });
        }
        continue;
      }
      const parts = partsOf(event.data, left.get(wallet) ?? []);
      if (!parts) {
        refused.push({ event, reference: withdrawalId, reason: 'exceeds-wallet' });
        continue;
      }
      posted.set(withdrawalId, event.data);
      left.set(wallet, leftOf(left.get(wallet) ?? [], parts));
      drafts.push(...parts.map((part) => ({ event, journal: journalOf(books, event, part) })));
    }
    await this.posting.post(books, drafts, refused);
  }
}

function leftOf(wallet: readonly InWallet[], parts: readonly PartOfWithdrawal[]): InWallet[] {
  const taken = new Map(parts.map(({ facilityId, part }) => [facilityId, part]));
  return wallet.map((book) => ({ ...book, balance: book.balance - (taken.get(book.facilityId) ?? 0) }));
}

function journalOf(books: Books, { correlationId }: Event<WalletWithdrawn>, part: PartOfWithdrawal): Journal {
  return {
    journalId: newId(),
    facilityId: part.facilityId,
    kind: 'withdrawal',
    postedOn: books.dayOf(part.withdrawnAt),
    occurredAt: part.withdrawnAt,
    sourceEventId: newId(), // one event is posted in several books
    sourceReference: referenceOf(part),
    reverses: null,
    agreement: null,
    correlationId,
    source: part,
    entries: withdrawalEntries(part),
  };
}

/** What may not change about one. */
function contentOf({ channel, wallet, bank, amount, withdrawnAt }: WalletWithdrawn): string {
  return canonical({ channel, wallet, bank, amount, withdrawnAt });
}
