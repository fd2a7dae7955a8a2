import { Injectable } from '@nestjs/common';
import { Database, facilitiesInScope, type Transaction } from '#libs/database';
import type { Deposit } from './deposit.ts';

type Reader = Pick<Transaction, 'query'>;

interface Filter {
  readonly facilityId?: string | undefined;
  readonly status?: 'billed' | 'deposited' | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

const COLUMNS = `deposit_id AS "depositId", facility_id AS "facilityId", bank, amount, billing_code AS "billingCode",
  created_by AS "createdBy", created_at AS "createdAt", ntpn, deposited_at AS "depositedAt",
  confirmed_by AS "confirmedBy", journal_id AS "journalId"`;

@Injectable()
export class DepositRepository {
  constructor(private readonly database: Database) {}

  /** @returns false: another deposit has this billing code */
  async add(
    transaction: Transaction,
    deposit: Pick<Deposit, 'depositId' | 'facilityId' | 'bank' | 'amount' | 'billingCode' | 'createdBy'>,
  ): Promise<boolean> {
    const { depositId, facilityId, bank, amount, billingCode, createdBy } = deposit;
    const added = await transaction.query(
      `INSERT INTO deposit (deposit_id, facility_id, bank, amount, billing_code, created_by)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (billing_code) DO NOTHING RETURNING 1`,
      [depositId, facilityId, bank, amount, billingCode, createdBy],
    );
    return added.length > 0;
  }

  async find(reader: Reader, depositId: string): Promise<Deposit | undefined> {
    const [deposit] = await reader.query<Deposit>(`SELECT ${COLUMNS} FROM deposit WHERE deposit_id = $1`, [depositId]);
    return deposit;
  }

  async lock(transaction: Transaction, depositId: string): Promise<Deposit | undefined> {
    await transaction.query('SELECT FROM deposit WHERE deposit_id = $1 FOR UPDATE', [depositId]);
    return this.find(transaction, depositId);
  }

  /** @returns false: another deposit has this receipt */
  async confirm(
    transaction: Transaction,
    deposit: { depositId: string; ntpn: string; depositedAt: string; confirmedBy: string; journalId: string },
  ): Promise<boolean> {
    const { depositId, ntpn, depositedAt, confirmedBy, journalId } = deposit;
    const confirmed = await transaction.query(
      `UPDATE deposit SET ntpn = $2, deposited_at = $3, confirmed_by = $4, journal_id = $5
        WHERE deposit_id = $1 AND NOT EXISTS (SELECT FROM deposit WHERE ntpn = $2) RETURNING 1`,
      [depositId, ntpn, depositedAt, confirmedBy, journalId],
    );
    return confirmed.length > 0;
  }

  /** Newest last. */
  list({ facilityId, status, after, limit }: Filter) {
    return this.database.query<Deposit>(
      `SELECT ${COLUMNS} FROM deposit
        WHERE ($1::text IS NULL OR facility_id = $1) AND ($2::uuid IS NULL OR deposit_id > $2)
          AND ($4::text[] IS NULL OR facility_id = ANY ($4))
          AND ($5::text IS NULL OR (confirmed_by IS NULL) = ($5 = 'billed'))
        ORDER BY deposit_id LIMIT $3`,
      [facilityId, after, limit, facilitiesInScope(), status],
    );
  }
}
