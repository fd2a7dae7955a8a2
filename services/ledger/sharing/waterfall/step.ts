import { type Floored, floorOfProduct, floorOfSum, type Ratio, type Rupiah, rupiah } from '#libs/money';
import { accountOf } from '../../books/accounts/account-code.ts';
import { periodOf } from '../../books/calendar/period.ts';
import { type Level, ratioOfRate, type Step } from '../agreements/agreement.ts';
import { counterKey, owedKey, periodsOf, potOf, type Recollection } from '../memory/memory.ts';

/** Where a step finds itself: what reached its level, what earlier steps left, whose it is, what is remembered. */
export interface Situation {
  readonly input: Rupiah;
  readonly remaining: Rupiah;
  /** Units of the portion. */
  readonly units: number;
  readonly facilityId: string;
  /** Whose own steps these are; absent at the sale's level. */
  readonly makerId?: string;
  /** `YYYY-MM-DD`. */
  readonly postedOn: string;
  readonly memory: Recollection;
}

/** In whose name a step remembers. */
export function ownerOf({ makerId, facilityId }: Pick<Situation, 'makerId' | 'facilityId'>): string {
  return makerId === undefined ? `facility:${facilityId}` : `maker:${makerId}`;
}

/** Why a step took what it took. */
export interface StepTaking {
  readonly step: string;
  readonly asks: Step['take'];
  /** What rates and bands were of. */
  readonly input: Rupiah;
  /** For a step that counts over a period: what it had seen and taken before (P2). */
  readonly soFar?: { readonly period: string; readonly input: Rupiah; readonly taken: Rupiah };
  readonly asked: Rupiah;
  /** Fraction of a rupiah cut off from what was asked; it stays in what remains (S1). */
  readonly roundedOff: Ratio;
  readonly min?: Rupiah;
  /** Everything that held the step back, or could have. */
  readonly limits: readonly Limit[];
  readonly taken: Rupiah;
}

/** `remaining`, `max`, `period`, `owed`, `pot`, or the id of an aggregate cap. */
export interface Limit {
  readonly limit: string;
  readonly room: Rupiah;
}

/** take = max(0, min(max(ask, min), limits)) (golden.md, S3). @param caps room under the aggregate caps of the step */
export function take(step: Step, at: Situation, caps: readonly Limit[]): StepTaking {
  const input = step.of === 'basis' ? at.input : at.remaining;
  const soFar = step.per && counted(step, step.per, at);
  const due = demand(step, rupiah(input + (soFar?.input ?? 0)), at);
  const asked = Math.max(0, due.whole - (soFar?.taken ?? 0));
  const limits = [{ limit: 'remaining', room: at.remaining }, ...ownLimits(step, at), ...caps];
  const taken = Math.max(0, Math.min(Math.max(asked, step.min ?? 0), ...limits.map(({ room }) => room)));

  for (const period of periodsOf(step, at.postedOn)) {
    at.memory.count(counterKey(ownerOf(at), step.id, period), input, taken);
  }
  return {
    step: step.id,
    asks: step.take,
    input,
    ...(soFar && { soFar }),
    asked,
    roundedOff: due.fraction,
    ...(step.min !== undefined && { min: step.min }),
    limits,
    taken,
  };
}

/** What a step asks of its input, exactly, rounded down once (S1). */
function demand({ take }: Step, input: Rupiah, at: Situation): Floored {
  if (take === 'rest') return whole(at.remaining);
  if ('rate' in take) return floorOfProduct(input, ratioOfRate(take.rate));
  // No more than there can be, so that what nobody can give is no figure that nobody can hold.
  if ('perUnit' in take) return whole(Math.min(take.perUnit * at.units, Number.MAX_SAFE_INTEGER));
  if ('fixed' in take) return whole(take.fixed);
  let from = 0;
  return floorOfSum(
    take.bands.map(({ upTo = Number.MAX_SAFE_INTEGER, rate }) => {
      const within = { amount: Math.max(0, Math.min(input, upTo) - from), ratio: ratioOfRate(rate) };
      from = upTo;
      return within;
    }),
  );
}

function whole(amount: Rupiah): Floored {
  return { whole: rupiah(amount), fraction: { num: 0, den: 1 } };
}

function ownLimits(step: Step, at: Situation): Limit[] {
  const limits: Limit[] = [];
  if (step.max !== undefined) limits.push({ limit: 'max', room: step.max });
  if (step.maxPerPeriod) {
    const { amount, per } = step.maxPerPeriod;
    limits.push({ limit: 'period', room: amount - counted(step, per, at).taken });
  }
  const account = typeof step.to === 'string' ? accountOf(step.to, at.facilityId, at.makerId) : undefined;
  if (step.maxOwed && account) limits.push({ limit: 'owed', room: at.memory.owed(owedKey(ownerOf(at), account)) });
  if (step.maxPot !== undefined && account) {
    limits.push({ limit: 'pot', room: step.maxPot - at.memory.pot(potOf(account)) });
  }
  return limits;
}

function counted(step: Step, per: 'week' | 'month', at: Situation) {
  const period = periodOf(at.postedOn, per);
  return { period, ...at.memory.counter(counterKey(ownerOf(at), step.id, period)) };
}

/** Room left under each aggregate cap that counts the step: ⌊rate × the level's input⌋ less what its steps took. */
export function roomUnderCaps(level: Level, step: Step, input: Rupiah, taken: ReadonlyMap<string, Rupiah>): Limit[] {
  return (level.caps ?? [])
    .filter((cap) => cap.steps.includes(step.id))
    .map((cap) => ({
      limit: cap.id,
      room: cap.steps.reduce(
        (room, id) => room - (taken.get(id) ?? 0),
        floorOfProduct(input, ratioOfRate(cap.rate)).whole,
      ),
    }));
}
