/** Each fault once, with a seed that does not change: the short form of `npm run faults`. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildIfStale } from '../../deploy/local/build.ts';
import { FAULTS, NOTHING } from './faults.ts';
import { runRound } from './round.ts';
import { type OpenStage, openStage } from './stage.ts';

const SEED = 5;
const ORDERS_PER_SECOND = 15;

let stage: OpenStage;

beforeAll(async () => {
  await buildIfStale(console.log);
  stage = await openStage({ brokerCount: 1, database: 'single', ordersPerSecond: ORDERS_PER_SECOND, log: console.log });
}, 240_000);

afterAll(() => stage.close(), 60_000);

const quickest = (fault: (typeof FAULTS)[number]): (typeof FAULTS)[number] => ({
  ...fault,
  lastsMs: [fault.lastsMs[0], fault.lastsMs[0]],
});

it.each(FAULTS.filter((fault) => fault !== NOTHING).map((fault, index) => [fault.name, fault, index] as const))(
  '%s: nothing lost, nothing twice, order kept, books and stock right, everything flows again',
  async (_, fault, index) => {
    const { violations, sales } = await runRound(stage, quickest(fault), `test${index}`, SEED + index);
    expect(violations).toEqual([]);
    expect(sales).toBeGreaterThan(0);
  },
  180_000,
);
