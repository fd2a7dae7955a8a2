import type { Transaction } from '#libs/database';
import { type Decision, type DecisionChanged, decisions } from './decisions.ts';

/** Tables of decisions, by the kind that is told. */
const TABLES: Readonly<Record<string, string>> = {
  ...{ adjustment: 'adjustment', agreement: 'agreement', deposit: 'deposit', payout: 'payout' },
  ...{ 'maker-event': 'maker_event', close: 'period_decision', reopen: 'period_decision' },
};

/** A decision that was told, and how the books have it; `is` undefined: not at all. */
export interface Forgotten {
  readonly told: DecisionChanged;
  readonly is: string | undefined;
}

/** What people decided and the books do not know, or not so: books that were put back. `told`: in its order. */
export async function forgottenOf(
  reader: Pick<Transaction, 'query'>,
  told: readonly DecisionChanged[],
): Promise<Forgotten[]> {
  const last = new Map(told.map((decision) => [`${decision.kind} ${keyOf(decision)}`, decision]));
  const known = new Map<string, string>();
  for (const [table, some] of Map.groupBy(last.values(), ({ kind }) => TABLES[kind])) {
    const sql = table && decisions[table];
    if (!sql) continue;
    for (const { kind, key, status } of await reader.query<Decision>(sql, [some.map(keyOf)])) {
      known.set(`${kind} ${key}`, status);
    }
  }
  return [...last].flatMap(([name, decision]) => {
    const is = known.get(name);
    return is === decision.status ? [] : [{ told: decision, is }];
  });
}

function keyOf({ id, version }: DecisionChanged): string {
  return version === undefined ? id : `${id} ${version}`;
}
