import type { Database, Transaction } from '#libs/database';
import { inSnapshot } from '../../services/ledger/books/snapshot.repository.ts';
import { nothingOutside } from '../../services/ledger/proof/verification/outside.ts';
import { verifyBooks } from '../../services/ledger/proof/verification/verification.repository.ts';
import type { Fault } from '../../services/ledger/proof/verification/verification.ts';
import { nothingChecked } from '../../services/ledger/proof/verification/verification-report.ts';

/** All that a verification finds wrong with the books as they are now. */
export function faultsOf(database: Database, outside = nothingOutside): Promise<Fault[]> {
  return inSnapshot(database, ({ query }) => faultsFound(query, outside));
}

/** The same, within the caller's transaction. */
export async function faultsFound(query: Transaction['query'], outside = nothingOutside): Promise<Fault[]> {
  const faults: Fault[] = [];
  for await (const fault of verifyBooks(query, nothingChecked(), outside)) faults.push(fault);
  return faults;
}
