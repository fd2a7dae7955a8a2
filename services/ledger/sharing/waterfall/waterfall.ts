import { allocate, type Rupiah, rupiah } from '#libs/money';
import { accountCode, accountOf } from '../../books/accounts/account-code.ts';
import { type Agreement, type Level, ratioOfRate, type Step } from '../agreements/agreement.ts';
import { type Memory, noMemory, Recollection } from '../memory/memory.ts';
import { byContribution, type MakerPart } from './contribution.ts';
import { type Portion, portionsOf, splitByQuantity } from './portion.ts';
import type { Sale, SaleLine } from './sale.ts';
import { ownerOf, roomUnderCaps, type Situation, type StepTaking, take } from './step.ts';

/*
 * The waterfall: an order line's money falls over levels, and at each level over steps (golden.md, S4).
 *
 *   line -> portions (one per lot) -> tax, fees, shipping, cost        portion.ts
 *        -> basis -> the sale's steps -> facility, state, ...          step.ts
 *                                     -> makers, by contribution
 *        -> premi of each maker -> his or her own steps -> wages, savings, ...
 *
 * Pure: the same sale, agreement, day and memory always give the same credits and the same explanation.
 */

/** A credit of a line; what a refund takes back is in proportion to it (F1: a leaf). */
export interface Credit {
  /** The account, with `#stepId` for own steps: unique in the line. */
  readonly name: string;
  readonly account: string;
  /** Of own steps. */
  readonly step?: string;
  /** Negative only for a facility that bears more than its share. */
  readonly amount: Rupiah;
  /** Who stands behind it: `maker:{id}` of own steps, lot ids in suspense; else none. */
  readonly parts: readonly CreditPart[];
}

export interface CreditPart {
  readonly name: string;
  readonly amount: Rupiah;
}

export interface SharedLine {
  readonly lineRef: string;
  readonly scope: string;
  /** What the buyer paid for the line; the credits add up to it. */
  readonly price: Rupiah;
  readonly credits: readonly Credit[];
  readonly explanation: LineExplanation;
}

/** Why every rupiah of a line went where it went. */
export interface LineExplanation {
  readonly portions: readonly PortionExplanation[];
  readonly makers: readonly {
    readonly makerId: string;
    readonly premi: Rupiah;
    readonly steps: readonly StepShare[];
  }[];
}

export interface PortionExplanation extends Portion {
  readonly steps: readonly StepShare[];
  /** The makers' part by weight; null: no weights, so it is held in suspense (L4). */
  readonly makers: readonly MakerPart[] | null;
}

export interface StepShare extends StepTaking {
  /** Where it went; by A1 where the destination is a group. */
  readonly to: readonly { readonly destination: string; readonly account?: string; readonly amount: Rupiah }[];
}

export interface SharedSale {
  readonly lines: readonly SharedLine[];
  /** What changed in the memory; empty for agreements that remember nothing. */
  readonly changes: Memory;
}

/**
 * Shares a sale by the agreement in force when its order was placed: one, or each line's own.
 * @param postedOn posting date, `YYYY-MM-DD` (P1)
 * @param memory what the agreement's steps remember of earlier sales; see `memoryNeeded`
 * @throws RangeError when a figure is not whole rupiah within 2^53-1, or a balance is missing in the memory
 */
export function share(
  sale: Sale,
  agreement: Agreement | ((lineRef: string) => Agreement),
  postedOn: string,
  memory: Memory = noMemory,
): SharedSale {
  const recollection = new Recollection(memory);
  const agreementOf = typeof agreement === 'function' ? agreement : () => agreement;
  const lines = sale.lines.map((line) => shareLine(line, sale, agreementOf(line.lineRef), postedOn, recollection));
  return { lines, changes: recollection.changes };
}

function shareLine(
  line: SaleLine,
  { channel, orderRef, facilityId }: Sale,
  agreement: Agreement,
  postedOn: string,
  memory: Recollection,
): SharedLine {
  const scope = `${channel}/${orderRef}/${line.lineRef}`;
  const credits = new LineCredits();
  const premi = new Map<string, Rupiah>();

  const allPortions = portionsOf(line, agreement.basis, scope);
  const portions = allPortions.map((portion, index) => {
    credits.add(accountCode.tax(facilityId), portion.tax);
    credits.add(accountCode.fees(channel, facilityId), portion.fees);
    credits.add(accountCode.shipping(channel, facilityId), portion.shipping);
    credits.add(accountCode.costRecovery(facilityId), portion.recovered);
    credits.add(accountCode.facility(facilityId), -portion.borne);

    const level = levelOfPortion(agreement.sale, allPortions, index, scope);
    const situation = { facilityId, postedOn, memory, units: portion.quantity };
    const steps = runLevel(level, portion.basis, situation, scope);
    let makersPart = 0;
    for (const { account, amount } of steps.flatMap(({ to }) => to)) {
      if (account === undefined) makersPart += amount;
      else credits.add(account, amount);
    }
    const makers = byContribution(makersPart, portion, scope);
    if (makers === null) credits.add(accountCode.suspense(facilityId), makersPart, { part: portion.lotId });
    for (const { makerId, amount } of makers ?? []) premi.set(makerId, (premi.get(makerId) ?? 0) + amount);
    return { ...portion, steps, makers };
  });

  // Makers may share a pot, so their order matters: by id, not by the accident of the input.
  const makers = [...premi]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([makerId, amount]) => {
      if (amount === 0) return [];
      if (agreement.maker === undefined) {
        credits.add(accountCode.wages(makerId), amount);
        return [{ makerId, premi: amount, steps: [] }];
      }
      const steps = runLevel(agreement.maker, amount, { facilityId, makerId, postedOn, memory, units: 0 }, scope);
      for (const { step, to } of steps) {
        for (const { account, amount } of to) {
          if (account !== undefined) credits.add(account, amount, { step, part: `maker:${makerId}` });
        }
      }
      return [{ makerId, premi: amount, steps }];
    });

  const price = rupiah(allPortions.reduce((sum, portion) => sum + portion.price, 0));
  return { lineRef: line.lineRef, scope, price, credits: credits.addingUpTo(price), explanation: { portions, makers } };
}

/** What one of a maker's own steps gives to an account. */
export interface OwnShare {
  readonly step: string;
  readonly account: string;
  readonly amount: Rupiah;
}

/**
 * What a maker's own steps make of money that reaches the maker alone, beside any sale.
 * @param maker whose memory changes with it
 */
export function shareOwn(
  level: Level,
  premi: Rupiah,
  maker: Pick<Situation, 'facilityId' | 'postedOn' | 'memory'> & { readonly makerId: string },
  scope: string,
): OwnShare[] {
  return runLevel(level, premi, { ...maker, units: 0 }, scope).flatMap(({ step, to }) =>
    to.flatMap(({ account, amount }) => (account === undefined || amount === 0 ? [] : [{ step, account, amount }])),
  );
}

/** Runs the steps of one level over what reached it. The last step takes the rest, so nothing is left. */
function runLevel(
  level: Level,
  input: Rupiah,
  situation: Omit<Situation, 'input' | 'remaining'>,
  scope: string,
): StepShare[] {
  let remaining = input;
  const taken = new Map<string, Rupiah>();
  return level.steps.map((step) => {
    const taking = take(step, { ...situation, input, remaining }, roomUnderCaps(level, step, input, taken));
    taken.set(step.id, taking.taken);
    remaining -= taking.taken;
    const to = byDestination(step, taking.taken, scope).map(({ destination, amount }) => {
      const account = accountOf(destination, situation.facilityId, situation.makerId);
      if (account === undefined) return { destination, amount };
      situation.memory.credit(ownerOf(situation), account, amount);
      return { destination, account, amount };
    });
    return { ...taking, to };
  });
}

/** What a step took goes to its one destination, or to its group by A1. */
function byDestination({ to }: Step, amount: Rupiah, scope: string): { destination: string; amount: Rupiah }[] {
  if (typeof to === 'string') return [{ destination: to, amount }];
  const claims = to.map(({ to: payee, rate }) => ({ payee, weight: ratioOfRate(rate) }));
  const parts = allocate(amount, claims, scope);
  return claims.map(({ payee }, index) => ({ destination: payee, amount: parts?.[index] ?? 0 }));
}

/** Rupiah parameters of the sale's steps are per order line: each portion has its part by quantity (U2). */
function levelOfPortion(level: Level, portions: readonly Portion[], index: number, scope: string): Level {
  if (portions.length === 1) return level;
  const partOf = (amount: Rupiah) => splitByQuantity(amount, portions, scope)[index] ?? 0;
  return {
    ...level,
    steps: level.steps.map((step) => ({
      ...step,
      ...(step.min !== undefined && { min: partOf(step.min) }),
      ...(step.max !== undefined && { max: partOf(step.max) }),
      ...(step.take !== 'rest' && 'fixed' in step.take && { take: { fixed: partOf(step.take.fixed) } }),
    })),
  };
}

/** Collects a line's credits: one per account, one per account and step for own steps, lots together (F1). */
class LineCredits {
  readonly #credits = new Map<string, { account: string; step?: string; amount: Rupiah; parts: Map<string, Rupiah> }>();

  add(account: string, amount: Rupiah, { step, part }: { step?: string; part?: string } = {}): void {
    if (amount === 0) return;
    const name = step === undefined ? account : `${account}#${step}`;
    const credit = this.#credits.get(name) ?? {
      account,
      ...(step !== undefined && { step }),
      amount: 0,
      parts: new Map<string, Rupiah>(),
    };
    credit.amount = rupiah(credit.amount + amount);
    if (part !== undefined) credit.parts.set(part, (credit.parts.get(part) ?? 0) + amount);
    this.#credits.set(name, credit);
  }

  addingUpTo(price: Rupiah): Credit[] {
    const credits = [...this.#credits]
      .filter(([, { amount }]) => amount !== 0)
      .map(([name, { parts, ...credit }]) => ({
        name,
        ...credit,
        parts: [...parts].map(([part, share]) => ({ name: part, amount: share })),
      }));
    const sum = credits.reduce((all, { amount }) => all + amount, 0);
    if (sum !== price) throw new RangeError(`credits of ${sum} for a price of ${price}`);
    return credits;
  }
}
