import type { Transaction } from '#libs/database';

export const RULES_LOCK = 7_301_998_401;

/** Until the transaction ends nobody changes the rules it posts by: agreements in force, months that are closed. */
export async function holdRules({ query }: Pick<Transaction, 'query'>): Promise<void> {
  await query('SELECT pg_advisory_xact_lock_shared($1)', [RULES_LOCK]);
}

const CLOSING_LOCK = 7_301_998_404;

/** One closes or opens months at a time, until the transaction ends; taken before the rules. */
export async function closeAlone({ query }: Pick<Transaction, 'query'>): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [CLOSING_LOCK]);
}

/** Waits for all who post by the present rules; until the transaction ends nobody else begins to. */
export async function changeRules({ query }: Pick<Transaction, 'query'>): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [RULES_LOCK]);
}
