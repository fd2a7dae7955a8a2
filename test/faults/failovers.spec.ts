/** The hardest of the failovers, once: the short form of `npm run faults -- --database ha`. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms } from '../../deploy/ha/programs.ts';
import { buildIfStale } from '../../deploy/local/build.ts';
import { KILLED_AHEAD } from './failovers.ts';
import { runRound } from './round.ts';
import { type OpenStage, openStage } from './stage.ts';

const ORDERS_PER_SECOND = 15;

(missingPrograms() ? describe.skip : describe)('a cluster of PostgreSQL', () => {
  let stage: OpenStage;

  beforeAll(async () => {
    await buildIfStale(console.log);
    stage = await openStage({ brokerCount: 1, database: 'ha', ordersPerSecond: ORDERS_PER_SECOND, log: console.log });
  }, 240_000);

  afterAll(() => stage.close(), 60_000);

  it('whose primary is killed while its standby is behind: nothing lost, nothing twice, everything flows again', async () => {
    const { violations, sales } = await runRound(stage, KILLED_AHEAD, 'test', 5);
    expect(violations).toEqual([]);
    expect(sales).toBeGreaterThan(0);
  }, 240_000);
});
