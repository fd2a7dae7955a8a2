import type { Database, Transaction } from '#libs/database';
import { inLongSnapshot, type Snapshot } from '../../books/snapshot.repository.ts';
import type { Report } from './verification-report.ts';

type Reader = Pick<Transaction, 'query'>;

export interface VerificationRun {
  readonly verificationId: string;
  readonly status: 'running' | 'sound' | 'unsound' | 'cancelled' | 'failed' | 'interrupted';
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly report: Report;
}

/** Held by the transaction that verifies: with its connection, and so with its process, it is gone. */
const VERIFICATION_LOCK = 7_301_998_405;

const IS_LOCKED = `EXISTS (SELECT FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objsubid = 1 AND (classid::bigint << 32) + objid::bigint = ${VERIFICATION_LOCK})`;

export class AnotherVerificationRuns extends Error {}

/**
 * Verifies all books as they are at one moment: one at a time, of all instances, over a connection of its own.
 * @throws AnotherVerificationRuns
 */
export function verifyAlone<T>(
  database: Database,
  verify: (snapshot: Snapshot) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const alone = async (snapshot: Snapshot): Promise<T> => {
    const [lock] = await snapshot.query<{ isOurs: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS "isOurs"', [
      VERIFICATION_LOCK,
    ]);
    if (!lock?.isOurs) throw new AnotherVerificationRuns();
    await database.query(`UPDATE verification SET outcome = 'interrupted', ended_at = now() WHERE outcome IS NULL`);
    return verify(snapshot);
  };
  return inLongSnapshot(database, alone, signal);
}

export async function findRun(reader: Reader, verificationId: string): Promise<VerificationRun | undefined> {
  const [found] = await reader.query<VerificationRun>(
    `SELECT verification_id AS "verificationId", started_at AS "startedAt", ended_at AS "endedAt", report,
            coalesce(outcome, CASE WHEN ${IS_LOCKED} THEN 'running' ELSE 'interrupted' END) AS status
       FROM verification WHERE verification_id = $1`,
    [verificationId],
  );
  return found;
}

/** Undefined: none that somebody can watch; a close may be checked. */
export async function runningId(reader: Reader): Promise<string | undefined> {
  const [running] = await reader.query<{ id: string }>(
    'SELECT verification_id AS id FROM verification WHERE outcome IS NULL ORDER BY verification_id DESC LIMIT 1',
  );
  return running?.id;
}

export async function addRun(reader: Reader, verificationId: string, report: Report): Promise<void> {
  await reader.query('INSERT INTO verification (verification_id, report) VALUES ($1, $2)', [verificationId, report]);
}

/** How far it has come. @returns whether it is to go on */
export async function keepReport(reader: Reader, verificationId: string, report: Report): Promise<boolean> {
  const [kept] = await reader.query<{ isWanted: boolean }>(
    `UPDATE verification SET report = $2 WHERE verification_id = $1 AND outcome IS NULL
     RETURNING cancelled_at IS NULL AS "isWanted"`,
    [verificationId, report],
  );
  return kept?.isWanted === true;
}

/** @param outcome stopped: by who cancelled it, else with its process */
export async function endRun(
  reader: Reader,
  verificationId: string,
  outcome: 'sound' | 'unsound' | 'failed' | 'stopped',
  report: Report,
): Promise<void> {
  await reader.query(
    `UPDATE verification
        SET outcome = CASE WHEN $2 <> 'stopped' THEN $2 WHEN cancelled_at IS NULL THEN 'interrupted' ELSE 'cancelled' END,
            report = $3, ended_at = now()
      WHERE verification_id = $1 AND outcome IS NULL`,
    [verificationId, outcome, report],
  );
}

export async function cancelRun(reader: Reader, verificationId: string): Promise<void> {
  await reader.query(
    `UPDATE verification SET cancelled_at = coalesce(cancelled_at, now()) WHERE verification_id = $1 AND outcome IS NULL`,
    [verificationId],
  );
}
