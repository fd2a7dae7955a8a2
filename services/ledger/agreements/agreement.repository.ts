import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import type { Agreement } from './agreement.ts';
import type { ApprovedAgreement } from './in-force.ts';

@Injectable()
export class AgreementRepository {
  /** All approved versions; few, and never edited. */
  approved(reader: Pick<Transaction, 'query'>): Promise<ApprovedAgreement[]> {
    return reader.query(
      `SELECT definition AS agreement, scope_level AS "scopeLevel", scope_id AS "scopeId",
              effective_from AS "effectiveFrom", effective_until AS "effectiveUntil"
         FROM agreement
        WHERE status = 'approved'`,
    );
  }

  async find(reader: Pick<Transaction, 'query'>, id: string, version: number): Promise<Agreement | undefined> {
    const [found] = await reader.query<{ definition: Agreement }>(
      'SELECT definition FROM agreement WHERE agreement_id = $1 AND version = $2',
      [id, version],
    );
    return found?.definition;
  }
}
