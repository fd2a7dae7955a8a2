import type { Rupiah } from '#libs/money';
import type { AccumulatorChange } from '../../sharing/memory/accumulator.ts';
import { inNameOfPerson, type Memory, owedKey } from '../../sharing/memory/memory.ts';

/**
 * What a maker (or a facility) has to pay to a beneficiary, as a court or the law imposed it: steps of an agreement pay
 * it, up to what is still owed (golden.md, P4). It is no money in these books, so its journal has no entries.
 */
export interface Obligation {
  /** `maker:{id}` */
  readonly debtor: string;
  /** `beneficiary:{id}` */
  readonly beneficiary: string;
  /** Imposed; negative: remitted. */
  readonly amount: Rupiah;
}

/** Where it is remembered what of all obligations of one debtor to one beneficiary is owed. */
export function obligationKey({ debtor, beneficiary }: Pick<Obligation, 'debtor' | 'beneficiary'>): string {
  return owedKey(debtor, `${beneficiary}:payable`);
}

export function imposed(obligation: Obligation, { persons }: Pick<Memory, 'persons'>): AccumulatorChange {
  const key = inNameOfPerson(obligationKey(obligation), persons);
  return { key, inputChange: obligation.amount, takenChange: 0 };
}
