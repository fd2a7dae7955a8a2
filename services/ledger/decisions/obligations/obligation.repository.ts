import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Obligation, ObligationEntry } from './obligation.dto.ts';

/** Of the accumulators, those of obligations: `{debtor}|{beneficiary}:payable`. */
const OBLIGATION = `split_part(key, '|', 1) AS debtor, replace(split_part(key, '|', 2), ':payable', '') AS beneficiary`;

@Injectable()
export class ObligationRepository {
  constructor(private readonly database: Database) {}

  /** By debtor and beneficiary, of those that ever changed. */
  list(filter: {
    debtor?: string | undefined;
    beneficiary?: string | undefined;
    after: string | undefined;
    limit: number;
  }): Promise<(Obligation & { key: string })[]> {
    return this.database.query(
      `SELECT key, debtor, beneficiary, imposed, paid, imposed - paid AS owed
         FROM (SELECT key, ${OBLIGATION}, input AS imposed, taken AS paid FROM accumulator
                WHERE key LIKE '%|beneficiary:%:payable' AND version > 0
                  AND ($1::text IS NULL OR starts_with(key, $1 || '|'))
                  AND ($2::text IS NULL OR split_part(key, '|', 2) = $2 || ':payable')
                  AND ($3::text IS NULL OR key > $3)) AS obligation
        ORDER BY key LIMIT $4`,
      [filter.debtor, filter.beneficiary, filter.after, filter.limit],
    );
  }

  /** Each change of an obligation, in the order of recording. */
  entries(key: string, after: number, limit: number): Promise<ObligationEntry[]> {
    return this.database.query(
      `SELECT version, journal_id AS "journalId", kind, posted_on AS "postedOn", source_reference AS "sourceReference",
              input_change AS imposed, taken_change AS paid, input - taken AS owed
         FROM accumulator_entry JOIN journal USING (journal_id)
        WHERE key = $1 AND version > $2 ORDER BY version LIMIT $3`,
      [key, after, limit],
    );
  }
}
