import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database';
import { type Decided, decidedColumns, IS_DRAFT, type Refusal, refuse } from '#libs/decisions';
import type { AgreementView } from './agreement.dto.ts';
import type { Agreement } from './agreement.ts';
import type { ApprovedAgreement } from './in-force.ts';
import { linesInScope } from './lines-in-scope.ts';

type Reader = Pick<Transaction, 'query'>;

/** A version with who drafted and who approved it. */
export interface AgreementVersion extends ApprovedAgreement, Decided {}

export type Draft = ApprovedAgreement & Pick<AgreementVersion, 'createdBy'>;

const COLUMNS = `definition AS agreement, scope_level AS "scopeLevel", scope_id AS "scopeId",
  effective_from AS "effectiveFrom", effective_until AS "effectiveUntil"`;

const VERSION_COLUMNS = `${COLUMNS}, ${decidedColumns()}`;

/** As a view has it. */
const STATUS = `CASE
  WHEN rejected_at IS NOT NULL THEN 'rejected' WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN ${IS_DRAFT} THEN 'draft'
  WHEN EXISTS (SELECT FROM agreement AS later WHERE later.agreement_id = agreement.agreement_id
                  AND later.version > agreement.version AND later.status = 'approved') THEN 'superseded'
  ELSE 'approved' END`;

@Injectable()
export class AgreementRepository {
  /**
   * All approved versions; few, and never edited. Read for every batch, never kept: what is approved counts for the next
   * batch of every instance.
   */
  approved(reader: Reader): Promise<ApprovedAgreement[]> {
    return reader.query(`SELECT ${COLUMNS} FROM agreement WHERE status = 'approved'`);
  }

  /** Changes with each approval. */
  async lastApproval(reader: Reader): Promise<string | undefined> {
    const [last] = await reader.query<{ approval: string }>(
      `SELECT concat_ws(' ', count(*), max(approved_at)) AS approval FROM agreement WHERE status = 'approved'`,
    );
    return last?.approval;
  }

  async find(reader: Reader, id: string, version: number): Promise<Agreement | undefined> {
    return (await this.version(reader, id, version))?.agreement;
  }

  async version(reader: Reader, id: string, version: number): Promise<AgreementVersion | undefined> {
    const [found] = await reader.query<AgreementVersion>(
      `SELECT ${VERSION_COLUMNS} FROM agreement WHERE agreement_id = $1 AND version = $2`,
      [id, version],
    );
    return found;
  }

  versions(reader: Reader, keys: readonly Pick<Agreement, 'id' | 'version'>[]): Promise<AgreementVersion[]> {
    return reader.query(
      `SELECT ${VERSION_COLUMNS} FROM agreement WHERE (agreement_id, version) IN (SELECT * FROM unnest($1::text[], $2::int[]))`,
      [keys.map(({ id }) => id), keys.map(({ version }) => version)],
    );
  }

  /** By id and version, after this one. */
  list(
    reader: Reader,
    filter: {
      id?: string | undefined;
      status?: AgreementView['status'] | undefined;
      after?: { id: string; version: number } | undefined;
      limit: number;
    },
  ): Promise<AgreementVersion[]> {
    return reader.query(
      `SELECT ${VERSION_COLUMNS} FROM agreement
        WHERE ($1::text IS NULL OR agreement_id = $1) AND ($2::text IS NULL OR (agreement_id, version) > ($2, $3))
          AND ($5::text IS NULL OR ${STATUS} = $5)
        ORDER BY agreement_id, version LIMIT $4`,
      [filter.id, filter.after?.id, filter.after?.version, filter.limit, filter.status],
    );
  }

  /** Stores a draft, unless there is such a version already. */
  async add(reader: Reader, draft: Draft): Promise<void> {
    await reader.query(
      `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, effective_until, status,
                              definition, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8)
       ON CONFLICT DO NOTHING`,
      [
        draft.agreement.id,
        draft.agreement.version,
        draft.scopeLevel,
        draft.scopeId,
        draft.effectiveFrom,
        draft.effectiveUntil,
        draft.agreement,
        draft.createdBy,
      ],
    );
  }

  async approve(reader: Reader, { id, version }: Pick<Agreement, 'id' | 'version'>, by: string): Promise<void> {
    await reader.query(
      `UPDATE agreement SET status = 'approved', approved_by = $3, approved_at = now()
        WHERE agreement_id = $1 AND version = $2`,
      [id, version, by],
    );
  }

  async refuse(reader: Reader, draft: AgreementVersion, refusal: Refusal): Promise<void> {
    const { id, version } = draft.agreement;
    await refuse(reader, 'agreement', { agreement_id: id, version }, draft, refusal);
  }

  /** A sale in the books that another version shared, and that this one would share if it were approved. */
  async sharedByAnother(reader: Reader, version: ApprovedAgreement): Promise<string | undefined> {
    const { agreement, scopeLevel, scopeId, effectiveFrom, effectiveUntil } = version;
    const [sale] = await reader.query<{ saleId: string }>(
      `SELECT source_reference AS "saleId"
         FROM journal
        WHERE kind = 'sale' AND occurred_at >= $1
          AND EXISTS (SELECT ${linesInScope('$4', '$5')}
                         AND ($2::timestamptz IS NULL OR occurred_at < $2 OR shared_by = $3))
        LIMIT 1`,
      [effectiveFrom, effectiveUntil, agreement.id, scopeLevel, scopeId],
    );
    return sale?.saleId;
  }
}
