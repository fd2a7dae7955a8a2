import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '#libs/database';
import type { ConsentView } from './consent.dto.ts';

@Injectable()
export class ConsentRepository {
  constructor(private readonly database: Database) {}

  /** Who of these makers has consented last. */
  async of(makerIds: readonly string[]): Promise<ReadonlySet<string>> {
    const last = await this.database.query<{ maker_id: string; given: boolean }>(
      'SELECT DISTINCT ON (maker_id) maker_id, given FROM consent WHERE maker_id = ANY($1) ORDER BY maker_id, number DESC',
      [makerIds],
    );
    return new Set(last.filter(({ given }) => given).map(({ maker_id }) => maker_id));
  }

  async append(makerId: string, given: boolean, by: string, evidence: Buffer): Promise<ConsentView> {
    const [consent] = await this.database.query<ConsentView>(
      `INSERT INTO consent (maker_id, given, by, evidence) VALUES ($1, $2, $3, $4)
       RETURNING maker_id AS "makerId", given, at, by`,
      [makerId, given, by, evidence],
    );
    return consent as ConsentView;
  }
}

/** Whoever of these makers has consented does so no longer. */
export async function withdrawConsents(
  transaction: Pick<Transaction, 'query'>,
  makerIds: string[],
  by: string,
): Promise<void> {
  await transaction.query(
    `INSERT INTO consent (maker_id, given, by)
     SELECT maker_id, false, $2
       FROM unnest($1::text[]) AS maker_id
       JOIN LATERAL (SELECT given FROM consent WHERE consent.maker_id = maker_id.maker_id ORDER BY number DESC LIMIT 1) AS last
         ON last.given`,
    [makerIds, by],
  );
}
