import { type Rupiah, rupiah } from '#libs/money';
import { accountOf } from '../../books/accounts/account-code.ts';
import { periodOf } from '../../books/calendar/period.ts';
import type { Agreement, Step } from '../agreements/agreement.ts';
import type { Sale } from '../waterfall/sale.ts';

/**
 * All that sharing a sale knows of other sales, as a value: the caller loads it (`memoryNeeded`), hands it in, and
 * stores the changes that come back. Agreements without such steps need none.
 */
export interface Memory {
  /** What a payee's step has seen and taken in a period (P2), by `counterKey`. Absent: nothing yet. */
  readonly counters: Readonly<Record<string, Counter>>;
  /** What a payee still owes to a beneficiary (P4), by `owedKey`. */
  readonly owed: Readonly<Record<string, Rupiah>>;
  /** Balances of accounts that may only fill up to a ceiling (P4), by `potOf`; of all facilities together. */
  readonly pots: Readonly<Record<string, Rupiah>>;
  /** Of makers who were merged, `maker:{id}` in whose name all of this is remembered; absent: nobody was. */
  readonly persons?: Readonly<Record<string, string>>;
}

export interface Counter {
  readonly input: Rupiah;
  readonly taken: Rupiah;
}

export const noMemory: Memory = { counters: {}, owed: {}, pots: {} };

/** What a journal remembers, which the books keep without knowing what it means; null: it depends on no other. */
export function memoryOf({ memory }: { readonly memory?: object | null }): Memory | null {
  return (memory ?? null) as Memory | null;
}

/** @param owner `maker:{id}` for own steps, `facility:{id}` for the sale's steps @param period `2026-W02`, `2026-01` */
export function counterKey(owner: string, stepId: string, period: string): string {
  return `${owner}|${stepId}|${period}`;
}

export function owedKey(owner: string, account: string): string {
  return `${owner}|${potOf(account)}`;
}

/** The balance that a ceiling on an account limits: of a maker's wages pending, available and reserved together. */
export function potOf(account: string): string {
  if (account.startsWith('maker:')) return account.replace(/:wages-pending$/, ':wages');
  return account.replace(/@.*$/, '');
}

/** A key, or a pot, in the name of the person that its owner was merged into. */
export function inNameOfPerson(key: string, persons: Memory['persons'] = {}): string {
  const owner = makerIn(key);
  const person = owner && persons[owner];
  return person ? person + key.slice(owner.length) : key;
}

/** `maker:{id}` whose key, or account, it is; undefined: no maker's. */
export function makerIn(key: string): string | undefined {
  return /^maker:[^:|]+/.exec(key)?.[0];
}

/** The periods that a step counts in; most steps count in none. */
export function periodsOf(step: Step, postedOn: string): string[] {
  const kinds = new Set([step.per, step.maxPerPeriod?.per]);
  return [...kinds].flatMap((per) => (per === undefined ? [] : [periodOf(postedOn, per)]));
}

/** A memory at work while a sale is shared: reads what was before, keeps apart what changes. */
export class Recollection {
  readonly #before: Memory;
  readonly #counters: Record<string, Counter> = {};
  readonly #owed: Record<string, Rupiah> = {};
  readonly #pots: Record<string, Rupiah> = {};

  constructor(before: Memory) {
    this.#before = before;
  }

  get changes(): Memory {
    return { counters: this.#counters, owed: this.#owed, pots: this.#pots };
  }

  counter(key: string): Counter {
    const own = this.#own(key);
    return this.#counters[own] ?? this.#before.counters[own] ?? { input: 0, taken: 0 };
  }

  /** @throws RangeError if the caller did not load it: a balance is never guessed */
  owed(key: string): Rupiah {
    const own = this.#own(key);
    return this.#owed[own] ?? loaded(this.#before.owed, own);
  }

  /** @throws RangeError if the caller did not load it */
  pot(key: string): Rupiah {
    const own = this.#own(key);
    return this.#pots[own] ?? loaded(this.#before.pots, own);
  }

  count(key: string, input: Rupiah, taken: Rupiah): void {
    const before = this.counter(key);
    this.#counters[this.#own(key)] = {
      input: Math.max(0, rupiah(before.input + input)),
      taken: Math.max(0, rupiah(before.taken + taken)),
    };
  }

  /** A step moved `amount` to an account (negative: back from it): its pot fills, a debt to it shrinks. */
  credit(owner: string, account: string, amount: Rupiah): void {
    const pot = this.#own(potOf(account));
    if (pot in this.#before.pots) this.#pots[pot] = rupiah(this.pot(pot) + amount);
    const debt = this.#own(owedKey(owner, account));
    if (debt in this.#before.owed) this.#owed[debt] = Math.max(0, rupiah(this.owed(debt) - amount));
  }

  #own(key: string): string {
    return inNameOfPerson(key, this.#before.persons);
  }
}

function loaded(balances: Readonly<Record<string, Rupiah>>, key: string): Rupiah {
  const balance = balances[key];
  if (balance === undefined) throw new RangeError(`the balance ${key} was not loaded`);
  return balance;
}

/** What there is to remember: keys of a memory. */
export type MemoryKeys = { readonly [Kind in Remembered]: readonly string[] };

type Remembered = Exclude<keyof Memory, 'persons'>;

/** Each key once. */
export function together(needed: readonly MemoryKeys[]): MemoryKeys {
  const all = (kind: Remembered) => [...new Set(needed.flatMap((keys) => keys[kind]))];
  return { counters: all('counters'), owed: all('owed'), pots: all('pots') };
}

/** Whether sharing by this agreement depends on what was shared before. Most do not, and pay nothing for those that do. */
export function remembers({ sale, maker }: Agreement): boolean {
  return [...sale.steps, ...(maker?.steps ?? [])].some(({ per, maxPerPeriod, maxOwed, maxPot }) =>
    [per, maxPerPeriod, maxOwed, maxPot].some((each) => each !== undefined),
  );
}

/** All who may have made something of a sale. */
export function makersOf({ lines }: Pick<Sale, 'lines'>): string[] {
  const contributions = lines.flatMap(({ portions }) => portions.flatMap((portion) => portion.contributions));
  return [...new Set(contributions.map(({ makerId }) => makerId))];
}

/**
 * What to load before money of a facility's sale is shared among these makers, or taken back from them. All empty for an
 * agreement that remembers nothing.
 */
export function memoryNeeded(
  { facilityId, makerIds }: { facilityId: string; makerIds: readonly string[] },
  agreement: Agreement,
  postedOn: string,
): MemoryKeys {
  const steps = [
    ...agreement.sale.steps.map((step) => ({ step, owner: `facility:${facilityId}`, makerId: undefined })),
    ...makerIds.flatMap((makerId) =>
      (agreement.maker?.steps ?? []).map((step) => ({ step, owner: `maker:${makerId}`, makerId })),
    ),
  ];
  const accounts = steps.flatMap(({ step, owner, makerId }) => {
    const account = typeof step.to === 'string' ? accountOf(step.to, facilityId, makerId) : undefined;
    return account === undefined ? [] : [{ step, owner, account }];
  });
  return {
    counters: steps.flatMap(({ step, owner }) =>
      periodsOf(step, postedOn).map((period) => counterKey(owner, step.id, period)),
    ),
    owed: accounts.filter(({ step }) => step.maxOwed).map(({ owner, account }) => owedKey(owner, account)),
    pots: [...new Set(accounts.filter(({ step }) => step.maxPot !== undefined).map(({ account }) => potOf(account)))],
  };
}

/**
 * The memory of several sales: what was loaded for all of them, and what they have changed so far. Each is handed only
 * what it needs by itself, so that it does not matter which come in one batch.
 */
export class SharedMemory {
  readonly #memory: { readonly [Kind in Remembered]: Record<string, Memory[Kind][string]> };
  readonly #persons: Record<string, string>;

  constructor({ counters, owed, pots, persons }: Memory) {
    this.#memory = { counters: { ...counters }, owed: { ...owed }, pots: { ...pots } };
    this.#persons = { ...persons };
  }

  /** Balances as they stand, but for those that are known already and may have changed since. */
  learn({ owed, pots, persons }: Memory): void {
    for (const [key, amount] of Object.entries(owed)) this.#memory.owed[key] ??= amount;
    for (const [key, amount] of Object.entries(pots)) this.#memory.pots[key] ??= amount;
    Object.assign(this.#persons, persons);
  }

  /** @throws RangeError if a balance was not loaded */
  at(needed: MemoryKeys): Memory {
    const { counters, owed, pots } = keysOfPersons(needed, this.#persons);
    const { counters: counted } = this.#memory;
    const makers = Object.values(needed).flatMap((keys) => keys.flatMap((key) => makerIn(key) ?? []));
    const persons = Object.entries(this.#persons).filter(([maker]) => makers.includes(maker));
    return {
      counters: Object.fromEntries(counters.flatMap((key) => (counted[key] ? [[key, counted[key]]] : []))),
      owed: Object.fromEntries(owed.map((key) => [key, loaded(this.#memory.owed, key)])),
      pots: Object.fromEntries(pots.map((key) => [key, loaded(this.#memory.pots, key)])),
      ...(persons.length > 0 && { persons: Object.fromEntries(persons) }),
    };
  }

  /** @param entries of the journal, debit positive: pots are balances, whoever moves them and why */
  apply(changes: Memory, entries: readonly { readonly account: string; readonly amount: Rupiah }[]): void {
    Object.assign(this.#memory.counters, changes.counters);
    Object.assign(this.#memory.owed, changes.owed);
    for (const { account, amount } of entries) {
      const pot = inNameOfPerson(potOf(account), this.#persons);
      const balance = this.#memory.pots[pot];
      if (balance !== undefined) this.#memory.pots[pot] = balance - amount;
    }
  }
}

/** What to load for makers who were merged: what their persons remember. */
export function keysOfPersons({ counters, owed, pots }: MemoryKeys, persons: Memory['persons']): MemoryKeys {
  const own = (keys: readonly string[]) => [...new Set(keys.map((key) => inNameOfPerson(key, persons)))];
  return { counters: own(counters), owed: own(owed), pots: own(pots) };
}

/** What a refund took back from one payee by one credit of a line. */
export interface GivenBack {
  readonly owner: string;
  /** Of own steps; credits of the sale's steps have none. */
  readonly step: string | null;
  readonly account: string;
  readonly amount: Rupiah;
  /** What of it came out of the account; the rest is owed by the maker from now on (F5). */
  readonly fromAccount: Rupiah;
}

/**
 * Undoes memory, in the periods of the original sale (P3), and balances by what really came back (P4).
 * @param postedOn posting date of the sale
 * @returns the changes
 */
export function undo(memory: Memory, agreement: Agreement, postedOn: string, back: readonly GivenBack[]): Memory {
  const recollection = new Recollection(memory);
  undoIn(recollection, agreement, postedOn, back);
  return recollection.changes;
}

export function undoIn(
  recollection: Recollection,
  agreement: Agreement,
  postedOn: string,
  back: readonly GivenBack[],
): void {
  for (const { owner, account, fromAccount } of back) recollection.credit(owner, account, -fromAccount);

  const own = back.filter(({ step }) => step !== null);
  for (const [owner, ofOwner] of Map.groupBy(own, (each) => each.owner)) {
    const premi = sumOf(ofOwner);
    let remaining = premi;
    for (const step of agreement.maker?.steps ?? []) {
      const taken = sumOf(ofOwner.filter((each) => each.step === step.id));
      for (const period of periodsOf(step, postedOn)) {
        recollection.count(counterKey(owner, step.id, period), step.of === 'basis' ? -premi : -remaining, -taken);
      }
      remaining -= taken;
    }
  }
}

function sumOf(all: readonly GivenBack[]): Rupiah {
  return all.reduce((sum, { amount }) => sum + amount, 0);
}
