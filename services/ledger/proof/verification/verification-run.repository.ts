import type { Database, Transaction } from '#libs/database';
import { alone, isRunning } from '../../books/alone.repository.ts';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import type { Report } from './verification-report.ts';

type Reader = Pick<Transaction, 'query'>;

export interface VerificationRun {
  readonly verificationId: string;
  readonly status: 'running' | 'sound' | 'unsound' | 'cancelled' | 'failed' | 'interrupted';
  /** Person id; null: of one from before that was kept. */
  readonly startedBy: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly report: Report;
}

const VERIFICATION_LOCK = 7_301_998_405;

/** Verifies all books as they are at one moment. What a process has left undone is ended by whoever comes next. @throws AnotherRuns */
export function verifyAlone<T>(
  database: Database,
  verify: (snapshot: Snapshot) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return alone(
    database,
    VERIFICATION_LOCK,
    async (snapshot) => {
      await database.query(`UPDATE verification SET outcome = 'interrupted', ended_at = now() WHERE outcome IS NULL`);
      return verify(snapshot);
    },
    signal,
  );
}

const RUN = `verification_id AS "verificationId", started_by AS "startedBy", started_at AS "startedAt",
  ended_at AS "endedAt", report,
  coalesce(outcome, CASE WHEN ${isRunning(VERIFICATION_LOCK)} THEN 'running' ELSE 'interrupted' END) AS status`;

export async function findRun(reader: Reader, verificationId: string): Promise<VerificationRun | undefined> {
  const [found] = await reader.query<VerificationRun>(`SELECT ${RUN} FROM verification WHERE verification_id = $1`, [
    verificationId,
  ]);
  return found;
}

/** The newest first, from before one of them on. */
export function listRuns(reader: Reader, before: string | undefined, limit: number): Promise<VerificationRun[]> {
  return reader.query(
    `SELECT ${RUN} FROM verification WHERE $1::uuid IS NULL OR verification_id < $1 ORDER BY verification_id DESC LIMIT $2`,
    [before, limit],
  );
}

/** Undefined: none that somebody can watch; a close may be checked. */
export async function runningId(reader: Reader): Promise<string | undefined> {
  const [running] = await reader.query<{ id: string }>(
    'SELECT verification_id AS id FROM verification WHERE outcome IS NULL ORDER BY verification_id DESC LIMIT 1',
  );
  return running?.id;
}

export async function addRun(reader: Reader, verificationId: string, by: string, report: Report): Promise<void> {
  await reader.query('INSERT INTO verification (verification_id, started_by, report) VALUES ($1, $2, $3)', [
    verificationId,
    by,
    report,
  ]);
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
