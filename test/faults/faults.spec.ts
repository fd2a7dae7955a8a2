/** Each fault once, with a seed that does not change: the short form of `npm run faults`. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { buildIfStale } from '../../deploy/local/build.ts';
import { FAULTS, type Fault, NOTHING } from './faults.ts';
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

/** Two that happen at once, and may meet in one service. Every other fault has a round of its own. */
const PAIRS = [
  ['kill -9 of catalogue', 'clock of orders set back an hour'],
  ['kill -9 of orders', 'clock of payments set back an hour'],
  ['kill -9 of payments', 'clock of ledger set back an hour'],
  ['kill -9 of ledger', 'clock of catalogue set back an hour'],
  ['kill -9 of a relay leader, of two instances', 'poison message'],
  ['connection to the broker cut', 'connection to the database half-open'],
  ['connection to the broker lost without a word', 'connection to the database delayed'],
  ['connection to the broker delayed', 'connection to the database cut'],
  ['rebalance storm', 'disk full at the outbox insert'],
];
/** What takes most from whoever pays out and books it. In the long form channels pay out whatever happens. */
const SETTLING = ['kill -9 of PostgreSQL', 'database of catalogue put back by seconds'];

function named(name: string): Fault {
  const fault = FAULTS.find((each) => each.name === name);
  if (!fault) throw new Error(`no fault is called "${name}"`);
  return fault;
}

/** They begin one after another, last as long as the longest has to, and end together. */
const atOnce = (faults: readonly Fault[]): Fault => {
  const least = Math.max(...faults.map(({ lastsMs }) => lastsMs[0]));
  return {
    name: faults.map(({ name }) => name).join('; '),
    lastsMs: [least, least],
    ...(faults.some(({ forgets }) => forgets) && { forgets: true }),
    prepare: async (scene) => {
      for (const fault of faults) await fault.prepare?.(scene);
    },
    inject: async (scene) => {
      const ends: (() => Promise<void>)[] = [];
      const endAll = async () => void (await Promise.all(ends.map((end) => end())));
      try {
        for (const fault of faults) ends.push(await fault.inject(scene));
      } catch (error) {
        await endAll(); // else the first goes on in all later rounds
        throw error;
      }
      return endAll;
    },
  };
};

const settling = SETTLING.map((name) => named(name).name);
const single = FAULTS.filter((fault) => fault !== NOTHING && !PAIRS.flat().includes(fault.name));
const rounds = [...PAIRS.map((names) => names.map(named)), ...single.map((fault) => [fault])].map(atOnce);

it.each(rounds.map((fault, index) => [fault.name, fault, index] as const))(
  '%s: nothing lost, nothing twice, order kept, books and stock right, everything flows again',
  async (name, fault, index) => {
    const settles = settling.includes(name);
    const { violations, sales } = await runRound(stage, fault, `test${index}`, SEED + index, settles);
    expect(violations).toEqual([]);
    expect(sales).toBeGreaterThan(0);
  },
  180_000,
);
