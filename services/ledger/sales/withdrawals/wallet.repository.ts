import { Injectable } from '@nestjs/common';
import type { WalletWithdrawn } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import type { InWallet } from './withdrawal.ts';

@Injectable()
export class WalletRepository {
  /** Whose books have had anything there. While these are open nobody else withdraws from the wallets. */
  async booksWith(transaction: Transaction, wallets: readonly string[]): Promise<string[]> {
    const rows = await transaction.query<{ facilityId: string }>(
      `SELECT DISTINCT facility_id AS "facilityId" FROM account WHERE owner = ANY ($1)`,
      [wallets.map(ownerOf)],
    );
    return rows.map(({ facilityId }) => facilityId);
  }

  /** What each of these books, which are open, has in each wallet, by the wallet. */
  async inWallets(
    transaction: Transaction,
    wallets: readonly string[],
    facilityIds: readonly string[],
  ): Promise<Map<string, InWallet[]>> {
    const rows = await transaction.query<InWallet & { wallet: string }>(
      `SELECT substring(owner FROM 6) AS wallet, facility_id AS "facilityId", balance
         FROM account WHERE owner = ANY ($1) AND facility_id = ANY ($2) ORDER BY facility_id`,
      [wallets.map(ownerOf), facilityIds],
    );
    return Map.groupBy(rows, ({ wallet }) => wallet);
  }

  /** Of these references of journals, by withdrawal, what is in the books. */
  async posted(transaction: Transaction, references: readonly string[]): Promise<Map<string, WalletWithdrawn>> {
    const rows = await transaction.query<{ source: WalletWithdrawn }>(
      `SELECT source FROM journal WHERE source_reference = ANY ($1) AND kind = 'withdrawal'`,
      [references],
    );
    return new Map(rows.map(({ source }) => [source.withdrawalId, source]));
  }
}

function ownerOf(wallet: string): string {
  return `bank:${wallet}`;
}
