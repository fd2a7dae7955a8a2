import type { Database, Transaction } from '#libs/database';
import { alone, isRunning } from '../../books/alone.repository.ts';
import type { Snapshot } from '../../books/snapshot.repository.ts';
import type { SimulationResult } from './simulation.ts';

type Reader = Pick<Transaction, 'query'>;

/** Sales of these days, in Asia/Jakarta. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  /** Only of this facility. */
  readonly facilityId?: string;
}

export interface Progress {
  readonly sales: number;
  readonly of: number;
}

export interface SimulationRun {
  readonly simulationId: string;
  readonly status: 'running' | 'done' | 'failed' | 'interrupted';
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly asked: Asked;
  readonly progress: Progress;
  readonly result: SimulationResult | null;
}

const SIMULATION_LOCK = 7_301_998_406;

/** What a process has left undone is ended by whoever comes next. @throws AnotherRuns */
export function simulateAlone<T>(
  database: Database,
  simulate: (snapshot: Snapshot) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return alone(
    database,
    SIMULATION_LOCK,
    async (snapshot) => {
      await database.query(`UPDATE simulation SET outcome = 'interrupted', ended_at = now() WHERE outcome IS NULL`);
      return simulate(snapshot);
    },
    signal,
  );
}

export async function addRun(
  reader: Reader,
  run: { simulationId: string; id: string; version: number; asked: Asked; by: string; progress: Progress },
): Promise<void> {
  const { simulationId, id, version, asked, by, progress } = run;
  await reader.query(
    `INSERT INTO simulation (simulation_id, agreement_id, version, asked, started_by, progress)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [simulationId, id, version, asked, by, progress],
  );
}

export async function findRun(
  reader: Reader,
  { id, version, simulationId }: { id: string; version: number; simulationId: string },
): Promise<SimulationRun | undefined> {
  const [found] = await reader.query<SimulationRun>(
    `SELECT simulation_id AS "simulationId", started_by AS "startedBy", started_at AS "startedAt", ended_at AS "endedAt",
            asked, progress, result,
            coalesce(outcome, CASE WHEN ${isRunning(SIMULATION_LOCK)} THEN 'running' ELSE 'interrupted' END) AS status
       FROM simulation WHERE simulation_id = $1 AND agreement_id = $2 AND version = $3`,
    [simulationId, id, version],
  );
  return found;
}

export async function tellProgress(reader: Reader, simulationId: string, progress: Progress): Promise<void> {
  await reader.query('UPDATE simulation SET progress = $2 WHERE simulation_id = $1 AND outcome IS NULL', [
    simulationId,
    progress,
  ]);
}

export async function endRun(
  reader: Reader,
  simulationId: string,
  outcome: 'done' | 'failed' | 'interrupted',
  result: SimulationResult | null,
): Promise<void> {
  await reader.query(
    `UPDATE simulation SET outcome = $2, result = $3, ended_at = now() WHERE simulation_id = $1 AND outcome IS NULL`,
    [simulationId, outcome, result],
  );
}
