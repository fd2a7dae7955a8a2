import type { Rupiah } from '#libs/money';
import type { Memory, MemoryKeys } from './memory.ts';

/*
 * How a memory (memory.ts) is kept: each counter, and each obligation, is an accumulator of two sums, what
 * came in and what was taken of it. An obligation's are what was imposed and what was paid, and the rest is owed.
 * Accumulators and their entries are kept as accounts and theirs are: each entry says which journal made it.
 */

export interface Accumulator {
  readonly key: string;
  readonly input: Rupiah;
  readonly taken: Rupiah;
}

/** What one journal adds to an accumulator, or takes from it. */
export interface AccumulatorChange {
  readonly key: string;
  readonly inputChange: Rupiah;
  readonly takenChange: Rupiah;
}

/** @param accumulators all of these keys that there are */
export function memoryFrom(
  { counters, owed }: MemoryKeys,
  accumulators: readonly Accumulator[],
  pots: Memory['pots'],
): Memory {
  const rows = new Map(accumulators.map(({ key, input, taken }) => [key, { input, taken }]));
  const at = (key: string) => rows.get(key) ?? { input: 0, taken: 0 };
  return {
    counters: Object.fromEntries(counters.map((key) => [key, at(key)])),
    owed: Object.fromEntries(owed.map((key) => [key, at(key).input - at(key).taken])),
    pots,
  };
}

/** @param changes what a journal changed of the memory that it found */
export function changesOf(found: Memory, changes: Memory): AccumulatorChange[] {
  const counted = Object.entries(changes.counters).map(([key, { input, taken }]) => {
    const before = found.counters[key] ?? { input: 0, taken: 0 };
    return { key, inputChange: input - before.input, takenChange: taken - before.taken };
  });
  const paid = Object.entries(changes.owed).map(([key, owed]) => ({
    key,
    inputChange: 0,
    takenChange: (found.owed[key] ?? 0) - owed,
  }));
  return [...counted, ...paid].filter(({ inputChange, takenChange }) => inputChange !== 0 || takenChange !== 0);
}
