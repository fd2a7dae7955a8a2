import type { SettledAmounts } from '#libs/contracts';
import type { Agreement, Level, Rate, Step } from '../../services/ledger/sharing/agreements/agreement.ts';
import type { Sale, SaleLine } from '../../services/ledger/sharing/waterfall/sale.ts';
import {
  allocate,
  type Claim,
  floor,
  type Leaf,
  max,
  min,
  plus,
  type Rational,
  type Reversal,
  rational,
  sum,
  takeBack,
  times,
  zero,
} from './exact.ts';

export type SaleKey = Pick<Sale, 'channel' | 'orderRef' | 'facilityId'>;
export type Kept = Pick<SettledAmounts, 'fee' | 'shipping' | 'withheldTax' | 'bank'>;
export type Lot = Pick<SaleLine['portions'][number], 'lotId' | 'measure' | 'contributions'>;

interface Sold extends SaleKey {
  /** Posting date, which memory goes by. */
  readonly day: Date;
  readonly lines: Map<string, Line>;
  /** What the sale and its refunds left on the channel's accounts. */
  readonly held: Map<string, bigint>;
  isReleased: boolean;
}

interface Line {
  readonly scope: string;
  readonly units: number;
  readonly leaves: Leaf[];
  price: bigint;
  refunded: bigint;
  unitsRefunded: number;
}

/** Where the steps of a level are run, and what becomes of what they take. */
interface Place {
  readonly sold: Sold;
  readonly scope: string;
  readonly units: number;
  /** Whose own steps they are. */
  readonly makerId?: string;
  readonly give: (destination: string, amount: bigint, stepId: string) => void;
}

/**
 * The books by the letter of money.md and golden.md, in memory and in bigint: slow, and meant to be obviously right.
 * Balances are debit positive, by account and by the facility whose journals moved them.
 */
export class ReferenceBooks {
  readonly #agreement: Agreement;
  readonly #balances = new Map<string, Map<string, bigint>>();
  /** In unfinished payouts, by account and facility. */
  readonly #reserved = new Map<string, Map<string, bigint>>();
  readonly #sold = new Map<string, Sold>();
  /** P2: by `maker|step|period`. */
  readonly #counters = new Map<string, { input: bigint; taken: bigint }>();
  /** Makers who were transferred, and the facility where they are. */
  readonly #paidBy = new Map<string, string>();
  /** P4: by `maker|beneficiary:id`. */
  readonly #owed = new Map<string, bigint>();
  /** Makers who are the same person as another. */
  readonly #mergedInto = new Map<string, string>();

  constructor(agreement: Agreement) {
    this.#agreement = agreement;
  }

  /** By account, without those of zero. */
  get balances(): Record<string, number> {
    const all = [...this.#balances.keys()].map((account) => [account, Number(this.#balance(account))] as const);
    return Object.fromEntries(all.filter(([, balance]) => balance !== 0));
  }

  impose(makerId: string, beneficiary: string, amount: number): void {
    change(this.#owed, `${this.#person(makerId)}|${beneficiary}`, BigInt(amount));
  }

  sell(sale: Sale, placedAt: string): void {
    const { channel, orderRef, facilityId } = sale;
    const empty = { lines: new Map<string, Line>(), held: new Map<string, bigint>(), isReleased: false };
    const sold = { channel, orderRef, facilityId, day: jakartaDay(placedAt), ...empty };
    this.#sold.set(nameOf(sale), sold);
    for (const line of sale.lines) this.#share(line, sold);
  }

  /** F1 to F5. */
  refund(key: SaleKey, lineRef: string, amount: number, units: number): void {
    const sold = this.#sold.get(nameOf(key)) as Sold;
    const line = sold.lines.get(lineRef) as Line;
    const { channel, facilityId } = sold;
    const withinPrice = min(BigInt(amount), line.price - line.refunded);
    line.refunded += withinPrice;
    line.unitsRefunded += units;
    this.#move(sold, `channel:${channel}:receivable@${facilityId}`, -BigInt(amount));
    this.#move(sold, `facility:${facilityId}:earnings`, BigInt(amount) - withinPrice);
    if (line.price === 0n && line.unitsRefunded < line.units) return;

    const given = takeBack(line.leaves, line.refunded, line.price, line.scope);
    for (const { part, amount: due } of given) {
      const account = availableIf(sold.isReleased, part.account);
      const makerId = part.own?.makerId ?? makerOf(part.account);
      const mayNotGoBelow = /:(wages|savings|payable)(@|$)/.test(account);
      const taken = mayNotGoBelow ? min(due, max(0n, -this.#balance(account) - this.#reservedOf(account))) : due;
      this.#move(sold, account, taken);
      const standsIn = makerId === undefined ? `facility:${facilityId}:earnings` : `maker:${makerId}:receivable`;
      this.#move(sold, standsIn, due - taken);
      if (makerId !== undefined) this.#oweAgain(makerId, account, taken);
    }
    this.#forget(given, sold.day);
  }

  /** L2 and, the first time, L1. */
  settle(key: SaleKey, kept: Kept): void {
    const sold = this.#sold.get(nameOf(key)) as Sold;
    const { channel, facilityId, lines, held } = sold;
    const clear = (account: string): bigint => {
      const amount = held.get(account) ?? 0n;
      this.#move(sold, account, -amount);
      return amount;
    };
    const receivable = clear(`channel:${channel}:receivable@${facilityId}`);
    const expected =
      -clear(`channel:${channel}:fees@${facilityId}`) - clear(`channel:${channel}:shipping@${facilityId}`);
    const [fee, shipping, tax] = [BigInt(kept.fee), BigInt(kept.shipping), BigInt(kept.withheldTax)];
    this.#move(sold, `bank:${kept.bank}@${facilityId}`, receivable - fee - shipping - tax);
    this.#move(sold, `tax:pph22-withheld@${facilityId}`, tax);
    this.#move(sold, `channel:${channel}:variance@${facilityId}`, fee + shipping - expected);
    if (sold.isReleased) return;

    sold.isReleased = true;
    const pending = new Map<string, bigint>();
    for (const leaf of [...lines.values()].flatMap(({ leaves }) => leaves.flatMap(innermost))) {
      if (availableOf(leaf.account) !== leaf.account) change(pending, leaf.account, leaf.amount - leaf.reversed);
    }
    for (const [account, amount] of pending) {
      const owes = `maker:${makerOf(account)}:receivable`;
      const rate = floor(times(amount, rateOf(this.#agreement.recovery)));
      const recovered = makerOf(account) === undefined ? 0n : min(max(0n, this.#balance(owes)), rate);
      this.#move(sold, account, amount);
      this.#move(sold, availableOf(account), recovered - amount);
      this.#move(sold, owes, -recovered);
    }
  }

  /** Of a maker who was transferred, everything is paid by the facility where he or she is. */
  transfer(makerId: string, facilityId: string): void {
    this.#paidBy.set(makerId, facilityId);
  }

  /** Custody ends: savings are available, less what is still to be given back. */
  release(makerId: string, facilityId: string): void {
    const [savings, receivable] = [`maker:${makerId}:savings`, `maker:${makerId}:receivable`];
    const saved = max(0n, -this.#balance(savings));
    const givenBack = min(saved, max(0n, this.#balance(receivable)));
    this.#move({ facilityId }, savings, saved);
    this.#move({ facilityId }, receivable, -givenBack);
    this.#move({ facilityId }, `maker:${makerId}:wages`, givenBack - saved);
  }

  isMerged(makerId: string): boolean {
    return this.#mergedInto.has(makerId);
  }

  /** Never while the maker is being paid; again only into the same person. */
  canMerge(makerId: string, into: string): boolean {
    const isFree = !this.isMerged(makerId) || this.#person(makerId) === into;
    return makerId !== into && isFree && !this.isMerged(into) && this.#reservedOf(`maker:${makerId}:wages`) === 0n;
  }

  /** What is available, saved, to be given back, owed and counted is the survivor's; pending stays with its sales. */
  merge(makerId: string, into: string): void {
    this.#mergedInto.set(makerId, into);
    for (const purpose of ['wages', 'savings', 'receivable']) {
      const [from, to] = [`maker:${makerId}:${purpose}`, `maker:${into}:${purpose}`];
      for (const [facilityId, amount] of this.#balances.get(from) ?? []) {
        this.#move({ facilityId }, from, -amount);
        this.#move({ facilityId }, to, amount);
      }
    }
    for (const [key, amount] of this.#owed) {
      const [debtor, beneficiary] = key.split('|');
      if (debtor !== makerId) continue;
      change(this.#owed, `${into}|${beneficiary}`, amount);
      this.#owed.delete(key);
    }
    for (const [key, { input, taken }] of this.#counters) {
      if (!key.startsWith(`${makerId}|`)) continue;
      const counter = this.#counter(into + key.slice(makerId.length));
      counter.input += input;
      counter.taken += taken;
      this.#counters.delete(key);
    }
  }

  #person(makerId: string): string {
    const into = this.#mergedInto.get(makerId);
    return into === undefined ? makerId : this.#person(into);
  }

  #counter(key: string): { input: bigint; taken: bigint } {
    const counter = this.#counters.get(key) ?? { input: 0n, taken: 0n };
    this.#counters.set(key, counter);
    return counter;
  }

  /** What a facility can pay to whom: what it earned there, and no more than is available in all. */
  payable(facilityId: string): { account: string; amount: number }[] {
    const of = (amounts: Map<string, bigint> | undefined, account: string): bigint => {
      const paidBy = this.#paidBy.get(this.#person(makerOf(account) ?? ''));
      if (paidBy === undefined) return amounts?.get(facilityId) ?? 0n;
      return paidBy === facilityId ? sum(amounts?.values() ?? []) : 0n;
    };
    return [...this.#balances]
      .filter(([account]) => /^maker:.*:wages$/.test(account) || account.endsWith(`:payable@${facilityId}`))
      .map(([account, amounts]) => {
        const left = -of(amounts, account) - of(this.#reserved.get(account), account);
        return { account, amount: Number(min(left, -this.#balance(account) - this.#reservedOf(account))) };
      })
      .filter(({ amount }) => amount > 0)
      .sort((a, b) => (a.account < b.account ? -1 : 1));
  }

  reserve(facilityId: string, account: string, amount: number): void {
    change(within(this.#reserved, account), facilityId, BigInt(amount));
  }

  /** The bank paid what was reserved. */
  pay(facilityId: string, bank: string, account: string, amount: number): void {
    this.reserve(facilityId, account, -amount);
    this.#move({ facilityId }, account, BigInt(amount));
    this.#move({ facilityId }, `bank:${bank}@${facilityId}`, -BigInt(amount));
  }

  /** L4: contributions to a lot that sales found without. */
  record(facilityId: string, lot: Lot): void {
    for (const sold of this.#sold.values()) {
      if (sold.facilityId !== facilityId) continue;
      for (const { leaves, scope } of sold.lines.values()) {
        const suspense = leaves.find(({ account }) => account === `suspense@${facilityId}`);
        const held = suspense?.parts.find(({ name, parts }) => name === lot.lotId && parts.length === 0);
        const parts = held && allocate(held.amount, claimsOf(lot), scope);
        if (held === undefined || parts === undefined) continue;
        const premi = lot.contributions.map(({ makerId }, index) => [makerId, parts[index] as bigint] as const);
        for (const [makerId, amount] of [...premi].sort(([a], [b]) => (a < b ? -1 : 1))) {
          if (amount === 0n) continue;
          const account = `maker:${makerId}:wages-pending`;
          const leaf: Leaf = { name: account, account, amount, reversed: 0n, parts: [] };
          held.parts.push(leaf);
          if (this.#agreement.maker === undefined) this.#move(sold, availableIf(sold.isReleased, account), -amount);
          else
            this.#run(this.#agreement.maker, amount, {
              ...{ sold, scope, units: 0, makerId },
              give: (destination, share, stepId) => {
                const to = accountOf(destination, facilityId, makerId);
                addTo(leaf.parts, `${to}#${stepId}`, to, share, { own: { makerId, stepId } });
                this.#move(sold, availableIf(sold.isReleased, to), -share);
              },
            });
        }
        this.#move(sold, `suspense@${facilityId}`, held.amount - held.reversed);
        const given = takeBack(held.parts, held.reversed, held.amount, scope);
        for (const { part, amount } of given) {
          this.#move(sold, availableIf(sold.isReleased, part.account), amount);
          if (part.own) this.#oweAgain(part.own.makerId, part.account, amount);
        }
        this.#forget(given, sold.day);
      }
    }
  }

  /** U1 to U4 and S4: what a line gives to whom, in the books and as its leaves. */
  #share(line: SaleLine, sold: Sold): void {
    const { channel, orderRef, facilityId } = sold;
    const scope = `${channel}/${orderRef}/${line.lineRef}`;
    const shared: Line = { scope, units: line.quantity, leaves: [], price: 0n, refunded: 0n, unitsRefunded: 0 };
    sold.lines.set(line.lineRef, shared);
    const lots = line.portions.map(({ lotId, quantity }) => ({ payee: lotId, weight: rational(String(quantity)) }));
    const byQuantity = (total: number, index: number) => allocate(BigInt(total), lots, scope)?.[index] as bigint;
    const credit = (account: string, amount: bigint, behind: Behind = {}) => {
      this.#move(sold, account, -amount);
      addTo(shared.leaves, behind.own ? `${account}#${behind.own.stepId}` : account, account, amount, behind);
    };

    const premi = new Map<string, bigint>();
    for (const [index, portion] of line.portions.entries()) {
      const price = BigInt(line.unitPrice * portion.quantity) - byQuantity(line.discount, index);
      const tax = byQuantity(line.tax, index);
      const fees = byQuantity(line.fees, index);
      const shipping = byQuantity(line.shipping, index);
      const cash = price - tax - fees - shipping;
      const isNetOfCosts = this.#agreement.basis === 'net-of-costs';
      const recovered = isNetOfCosts ? min(BigInt(portion.unitCost * portion.quantity), max(cash, 0n)) : 0n;
      const bases = { gross: price - tax, 'net-of-fees': price - tax - fees, 'net-of-costs': cash - recovered };
      const basis = max(0n, bases[this.#agreement.basis]);
      shared.price += price;
      this.#move(sold, `channel:${channel}:receivable@${facilityId}`, price);
      credit(`tax:vat-output@${facilityId}`, tax);
      credit(`channel:${channel}:fees@${facilityId}`, fees);
      credit(`channel:${channel}:shipping@${facilityId}`, shipping);
      credit(`facility:${facilityId}:cost-recovery`, recovered);
      credit(`facility:${facilityId}:earnings-pending`, cash - basis - recovered);

      let forMakers = 0n;
      const steps = this.#agreement.sale.steps.map((step) => ofPortion(step, (amount) => byQuantity(amount, index)));
      this.#run({ ...this.#agreement.sale, steps }, basis, {
        ...{ sold, scope, units: portion.quantity },
        give: (destination, amount) => {
          if (destination === 'makers') forMakers += amount;
          else credit(accountOf(destination, facilityId), amount);
        },
      });
      const parts = allocate(forMakers, claimsOf(portion), scope);
      if (parts === undefined) credit(`suspense@${facilityId}`, forMakers, { part: portion.lotId });
      else for (const [at, { makerId }] of portion.contributions.entries()) change(premi, makerId, parts[at] as bigint);
    }

    const own = this.#agreement.maker;
    for (const [makerId, amount] of [...premi].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (own === undefined) credit(`maker:${makerId}:wages-pending`, amount);
      else if (amount > 0n) {
        this.#run(own, amount, {
          ...{ sold, scope, units: 0, makerId },
          give: (destination, part, stepId) =>
            credit(accountOf(destination, facilityId, makerId), part, {
              part: `maker:${makerId}`,
              own: { makerId, stepId },
            }),
        });
      }
    }
  }

  /** S1 to S3, P2: the steps of a level, one after another. */
  #run(level: Level, input: bigint, { sold, scope, units, makerId, give }: Place): void {
    let remaining = input;
    const takenBy = new Map<string, bigint>();
    for (const step of level.steps) {
      const single = typeof step.to === 'string' ? step.to : undefined;
      const ofInput = step.of === 'basis' ? input : remaining;
      const counters = makerId === undefined ? [] : this.#countersOf(step, makerId, sold.day);
      const counterOf = (per: 'week' | 'month') => counters.find((each) => each.per === per)?.counter;
      const before = (step.per && counterOf(step.per)) ?? { input: 0n, taken: 0n };
      const asked =
        step.take === 'rest' ? remaining : max(0n, demand(step.take, before.input + ofInput, units) - before.taken);

      const limits = [remaining];
      if (step.max !== undefined) limits.push(BigInt(step.max));
      if (step.maxPerPeriod) {
        limits.push(BigInt(step.maxPerPeriod.amount) - (counterOf(step.maxPerPeriod.per)?.taken ?? 0n));
      }
      const debt = `${makerId && this.#person(makerId)}|${single}`;
      if (step.maxOwed) limits.push(this.#owed.get(debt) ?? 0n);
      if (step.maxPot !== undefined && single) {
        limits.push(BigInt(step.maxPot) - this.#pot(accountOf(single, sold.facilityId, makerId)));
      }
      for (const cap of level.caps ?? []) {
        if (!cap.steps.includes(step.id)) continue;
        limits.push(floor(times(input, rateOf(cap.rate))) - sum(cap.steps.map((id) => takenBy.get(id) ?? 0n)));
      }
      const taken = max(0n, min(max(asked, BigInt(step.min ?? 0)), ...limits));

      takenBy.set(step.id, taken);
      remaining -= taken;
      for (const { counter } of counters) {
        counter.input += ofInput;
        counter.taken += taken;
      }
      if (this.#owed.has(debt)) change(this.#owed, debt, -min(taken, this.#owed.get(debt) as bigint));
      const shares = typeof step.to === 'string' ? [{ to: step.to, rate: { bp: 10_000 } }] : step.to;
      const parts = allocate(
        taken,
        shares.map(({ to, rate }) => ({ payee: to, weight: rateOf(rate) })),
        scope,
      );
      for (const [index, { to }] of shares.entries()) give(to, parts?.[index] as bigint, step.id);
    }
  }

  /** P4: what came back from a beneficiary is owed to it again. */
  #oweAgain(makerId: string, account: string, amount: bigint): void {
    const debt = `${this.#person(makerId)}|${nationally(account)}`;
    if (this.#owed.has(debt)) change(this.#owed, debt, amount);
  }

  /** P3: own steps have taken less, and seen less, in the period of the sale. */
  #forget(given: readonly Reversal[], day: Date): void {
    const steps = this.#agreement.maker?.steps ?? [];
    for (const makerId of new Set(given.flatMap(({ part }) => part.own?.makerId ?? []))) {
      const backOf = ({ id }: Step) =>
        sum(
          given
            .filter(({ part }) => part.own?.makerId === makerId && part.own.stepId === id)
            .map((each) => each.amount),
        );
      const premi = sum(steps.map(backOf));
      let remaining = premi;
      for (const step of steps) {
        for (const { counter } of this.#countersOf(step, makerId, day)) {
          counter.input = max(0n, counter.input - (step.of === 'basis' ? premi : remaining));
          counter.taken = max(0n, counter.taken - backOf(step));
        }
        remaining -= backOf(step);
      }
    }
  }

  #countersOf(step: Step, makerId: string, day: Date) {
    return (['week', 'month'] as const)
      .filter((per) => step.per === per || step.maxPerPeriod?.per === per)
      .map((per) => ({ per, counter: this.#counter(`${this.#person(makerId)}|${step.id}|${periodOf(day, per)}`) }));
  }

  /** What is in an account of all facilities, of a maker wages with all their sub-balances of all that he or she is. */
  #pot(account: string): bigint {
    const owner = makerOf(account);
    if (owner !== undefined) {
      const names = [...new Set([...this.#mergedInto.keys(), this.#person(owner)])];
      const own = names.filter((name) => this.#person(name) === this.#person(owner));
      return -sum(
        own.flatMap((id) => [`maker:${id}:wages-pending`, `maker:${id}:wages`]).map((each) => this.#balance(each)),
      );
    }
    const all = [...this.#balances.keys()].filter((each) => nationally(each) === nationally(account));
    return -sum(all.map((each) => this.#balance(each)));
  }

  #balance(account: string): bigint {
    return sum(this.#balances.get(account)?.values() ?? []);
  }

  #reservedOf(account: string): bigint {
    return sum(this.#reserved.get(account)?.values() ?? []);
  }

  #move(
    { facilityId, held }: { facilityId: string; held?: Map<string, bigint> },
    account: string,
    amount: bigint,
  ): void {
    change(within(this.#balances, account), facilityId, amount);
    if (held !== undefined && account.startsWith('channel:')) change(held, account, amount);
  }
}

/** What a step asks of its input, rounded down once (S1). */
function demand(take: Exclude<Step['take'], 'rest'>, input: bigint, units: number): bigint {
  if ('rate' in take) return floor(times(input, rateOf(take.rate)));
  if ('perUnit' in take) return BigInt(take.perUnit * units);
  if ('fixed' in take) return BigInt(take.fixed);
  let from = 0n;
  let exact = zero;
  for (const { upTo, rate } of take.bands) {
    const end = upTo === undefined ? input : min(input, BigInt(upTo));
    exact = plus(exact, times(max(0n, end - from), rateOf(rate)));
    from = max(from, end);
  }
  return floor(exact);
}

/** U2: rupiah parameters of the sale's steps are of the whole line. */
function ofPortion(step: Step, partOf: (amount: number) => bigint): Step {
  const part = (amount: number) => Number(partOf(amount));
  return {
    ...step,
    ...(step.min !== undefined && { min: part(step.min) }),
    ...(step.max !== undefined && { max: part(step.max) }),
    ...(step.take !== 'rest' && 'fixed' in step.take && { take: { fixed: part(step.take.fixed) } }),
  };
}

function claimsOf({ measure, contributions }: Omit<Lot, 'lotId'>): Claim[] {
  return contributions.map(({ makerId, weight }) => ({
    payee: `maker:${makerId}`,
    weight: rational(measure === 'equal' ? '1' : weight),
  }));
}

function accountOf(destination: string, facilityId: string, makerId?: string): string {
  switch (destination) {
    case 'facility':
      return `facility:${facilityId}:earnings-pending`;
    case 'state':
      return `state:pnbp@${facilityId}`;
    case 'wages':
      return `maker:${makerId}:wages-pending`;
    case 'savings':
      return `maker:${makerId}:savings`;
    default:
      return `${destination}:payable@${facilityId}`;
  }
}

/** Who stands behind an amount: a named part of the leaf, or whose own step gave it. */
type Behind = Pick<Leaf, 'own'> & { readonly part?: string };

/** Puts an amount on a leaf and, if it has parts, on one of these. */
function addTo(leaves: Leaf[], name: string, account: string, amount: bigint, { part, own }: Behind): void {
  if (amount === 0n) return;
  const found = leaves.find((each) => each.name === name);
  const leaf = found ?? { name, account, own, amount: 0n, reversed: 0n, parts: [] };
  if (found === undefined) leaves.push(leaf);
  leaf.amount += amount;
  if (part !== undefined) addTo(leaf.parts, part, account, amount, { own });
}

function rateOf(rate: Rate): Rational {
  return 'bp' in rate ? { num: BigInt(rate.bp), den: 10_000n } : { num: BigInt(rate.num), den: BigInt(rate.den) };
}

function availableIf(isReleased: boolean, account: string): string {
  return isReleased ? availableOf(account) : account;
}

/** Where what is pending goes when it is released; other accounts stay. */
function availableOf(account: string): string {
  return account.replace(/^((?:maker|facility):.*:(?:wages|earnings))-pending$/, '$1');
}

function makerOf(name: string): string | undefined {
  return /^maker:([^:]+)/.exec(name)?.[1];
}

/** `beneficiary:{id}`, whichever facility owes it. */
function nationally(account: string): string {
  return account.replace(/:payable@.*$/, '');
}

function innermost(leaf: Leaf): Leaf[] {
  return leaf.parts.length === 0 ? [leaf] : leaf.parts.flatMap(innermost);
}

function nameOf({ channel, orderRef, facilityId }: SaleKey): string {
  return `${channel}/${orderRef}@${facilityId}`;
}

/** P1: midnight, in UTC, of the local date. */
function jakartaDay(instant: string): Date {
  const day = new Date(Date.parse(instant) + 7 * 3_600_000);
  day.setUTCHours(0, 0, 0, 0);
  return day;
}

/** A week is known by its Monday. */
function periodOf(day: Date, per: 'week' | 'month'): string {
  if (per === 'month') return day.toISOString().slice(0, 7);
  const monday = new Date(day);
  while (monday.getUTCDay() !== 1) monday.setUTCDate(monday.getUTCDate() - 1);
  return monday.toISOString();
}

function change<Key>(amounts: Map<Key, bigint>, key: Key, by: bigint): void {
  amounts.set(key, (amounts.get(key) ?? 0n) + by);
}

function within(all: Map<string, Map<string, bigint>>, key: string): Map<string, bigint> {
  const found = all.get(key) ?? new Map<string, bigint>();
  all.set(key, found);
  return found;
}
