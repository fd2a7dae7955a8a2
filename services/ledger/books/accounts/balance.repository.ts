import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Rupiah } from '#libs/money';
import type { AccountClass } from './account.ts';

/**
 * Balances that limit what may be posted. They hold until the transaction ends, because all who take from an owner's
 * accounts lock these first: after the ends of the chains (openBooks), and all of a batch at once, in one order.
 */
@Injectable()
export class BalanceRepository {
  /** Until the transaction ends nobody else posts to any account of these owners. */
  async lockOwners(transaction: Transaction, owners: readonly string[]): Promise<void> {
    if (owners.length === 0) return;
    await transaction.query('SELECT FROM account WHERE owner = ANY ($1) ORDER BY account_id FOR NO KEY UPDATE', [
      [...new Set(owners)],
    ]);
  }

  /** By code, debit positive; of an account that no journal has used, 0. */
  async find(transaction: Transaction, codes: readonly string[]): Promise<Map<string, Rupiah>> {
    if (codes.length === 0) return new Map();
    const rows = await transaction.query<{ code: string; balance: Rupiah }>(
      'SELECT code, balance FROM account WHERE code = ANY ($1)',
      [codes],
    );
    return new Map([
      ...codes.map((code) => [code, 0] as const),
      ...rows.map(({ code, balance }) => [code, balance] as const),
    ]);
  }

  /**
   * What pots (`potOf` of sharing/memory/memory.ts) hold, credit positive, of all facilities together, and of all makers who
   * are one person; 0 if nothing yet.
   */
  async pots(reader: Pick<Transaction, 'query'>, pots: readonly string[]): Promise<Record<string, Rupiah>> {
    if (pots.length === 0) return {};
    const rows = await reader.query<{ pot: string; balance: Rupiah }>(
      `SELECT coalesce('maker:' || person_id, owner) || ':' || CASE purpose WHEN 'wages-pending' THEN 'wages' ELSE purpose END AS pot,
              -sum(balance)::bigint AS balance
         FROM account LEFT JOIN merged_makers(true) AS merged ON owner = 'maker:' || maker_id
        WHERE owner = ANY ($1 || ARRAY (SELECT 'maker:' || maker_id FROM merged_makers(true)
                                         WHERE 'maker:' || person_id = ANY ($1)))
        GROUP BY 1`,
      [[...new Set(pots.map((pot) => pot.slice(0, pot.lastIndexOf(':'))))]],
    );
    const balances = new Map(rows.map(({ pot, balance }) => [pot, balance]));
    return Object.fromEntries(pots.map((pot) => [pot, balances.get(pot) ?? 0]));
  }

  /** What can be taken from these accounts, by code: what they owe their owners, less what is reserved. */
  async available(transaction: Transaction, codes: readonly string[]): Promise<Map<string, Rupiah>> {
    if (codes.length === 0) return new Map();
    const rows = await transaction.query<{ code: string; available: Rupiah }>(
      'SELECT code, -balance - reserved AS available FROM account WHERE code = ANY ($1)',
      [codes],
    );
    return new Map([
      ...codes.map((code) => [code, 0] as const),
      ...rows.map(({ code, available }) => [code, available] as const),
    ]);
  }

  /** Those of these accounts that break a law of accounts, or of which more than its balance is reserved. */
  async overdrawn(transaction: Pick<Transaction, 'query'>, codes: readonly string[]): Promise<Overdrawn[]> {
    return transaction.query(
      `SELECT code AS account, class, balance, reserved FROM account
        WHERE code = ANY ($1) AND (overdraft(account) > 0 OR (reserved > 0 AND balance + reserved > 0))
        ORDER BY code`,
      [codes],
    );
  }
}

export interface Overdrawn {
  readonly account: string;
  readonly class: AccountClass;
  /** Debit positive. */
  readonly balance: Rupiah;
  readonly reserved: Rupiah;
}
