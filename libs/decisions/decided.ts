import { ApiProperty } from '@nestjs/swagger';
import type { Transaction } from '#libs/database';
import { type Decision, isToDo } from './decision.ts';

const person = { type: 'string', nullable: true } as const;
const instant = { type: 'string', format: 'date-time', nullable: true } as const;

/** By whom and when something was drafted and decided. */
export class Decided {
  @ApiProperty({ description: 'person id' })
  createdBy!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ ...person, description: 'null: nothing of it is done' })
  approvedBy!: string | null;

  @ApiProperty(instant)
  approvedAt!: Date | null;

  @ApiProperty(person)
  rejectedBy!: string | null;

  @ApiProperty(instant)
  rejectedAt!: Date | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'why it was rejected' })
  rejectedBecause!: string | null;

  @ApiProperty({ ...instant, description: 'by its drafter' })
  withdrawnAt!: Date | null;
}

/** For SQL: the columns of a table of what is decided. @param drafted what those of its draft are called */
export const decidedColumns = (drafted = 'created') => `${drafted}_by AS "createdBy", ${drafted}_at AS "createdAt",
  approved_by AS "approvedBy", approved_at AS "approvedAt", rejected_by AS "rejectedBy", rejected_at AS "rejectedAt",
  rejected_because AS "rejectedBecause", withdrawn_at AS "withdrawnAt"`;

/** For SQL: nobody has decided about a row of such a table yet. */
export const IS_DRAFT = 'num_nonnulls(approved_at, rejected_at, withdrawn_at) = 0';

/** For SQL: rows of such a table that a list asks for. @param asked a parameter; true: approved, false: drafts, null: all */
export const approvedAs = (asked: string) =>
  `(${asked}::boolean IS NULL OR CASE WHEN ${asked} THEN approved_at IS NOT NULL ELSE ${IS_DRAFT} END)`;

export function decisionOf({ createdBy, approvedBy, rejectedBy, withdrawnAt }: Decided): Decision {
  const decidedBy = approvedBy ?? rejectedBy;
  const decided = approvedBy !== null ? 'approved' : 'rejected';
  const status = withdrawnAt !== null ? 'withdrawn' : decided;
  return { status: withdrawnAt === null && decidedBy === null ? 'draft' : status, draftedBy: createdBy, decidedBy };
}

export type Refusal =
  | { readonly step: 'withdrawal'; readonly by: string }
  | { readonly step: 'rejection'; readonly by: string; readonly reason: string };

/**
 * Withdraws or rejects a draft, which is locked; done before by the same person, it stays so.
 * @param key of its row: columns and values
 * @throws Problem (409) if it is decided, (403) if it is not this person's to withdraw
 */
export async function refuse(
  transaction: Pick<Transaction, 'query'>,
  table: string,
  key: Readonly<Record<string, unknown>>,
  draft: Decided,
  refusal: Refusal,
): Promise<void> {
  const { step, by } = refusal;
  if (!isToDo(decisionOf(draft), step, by)) return;
  const values = Object.values(key);
  const where = Object.keys(key).map((column, index) => `${column} = $${index + 1}`);
  const [person, reason] = [`$${values.length + 1}`, `$${values.length + 2}`];
  if (refusal.step === 'withdrawal') {
    await transaction.query(
      `UPDATE ${table} SET withdrawn_at = clock_timestamp() WHERE ${where.join(' AND ')}`,
      values,
    );
  } else {
    await transaction.query(
      `UPDATE ${table} SET rejected_by = ${person}, rejected_at = clock_timestamp(), rejected_because = ${reason}
        WHERE ${where.join(' AND ')}`,
      [...values, by, refusal.reason],
    );
  }
}
