import type { Event, SalePaid } from '#libs/contracts';
import type { Agreement } from '../../sharing/agreements/agreement.ts';
import { type ApprovedAgreement, agreementInForce } from '../../sharing/agreements/in-force.ts';
import { type MemoryKeys, makersOf, memoryNeeded, remembers, together } from '../../sharing/memory/memory.ts';
import type { AgreementsOfLines } from './sale.ts';

/** A sale with the agreement of each line: the one that was in force when its order was placed. */
export interface AgreedSale {
  readonly event: Event<SalePaid>;
  readonly agreements: AgreementsOfLines;
}

/** With the day that the books have for it. */
export type DatedSale = AgreedSale & { readonly postedOn: string };

/** @returns `without`: those of which a line has no agreement */
export function agree(
  events: readonly Event<SalePaid>[],
  approved: readonly ApprovedAgreement[],
): { agreed: AgreedSale[]; without: Event<SalePaid>[] } {
  const agreed: AgreedSale[] = [];
  const without: Event<SalePaid>[] = [];
  for (const event of events) {
    const agreements = agreementsInForce(approved, event.data);
    if (agreements) agreed.push({ event, agreements });
    else without.push(event);
  }
  return { agreed, without };
}

/** Undefined: a line has none. */
function agreementsInForce(approved: readonly ApprovedAgreement[], sale: SalePaid): AgreementsOfLines | undefined {
  const agreements = new Map<string, Agreement>();
  for (const line of sale.lines) {
    const agreement = agreementInForce(approved, sale, line);
    if (!agreement) return undefined;
    agreements.set(line.lineRef, agreement);
  }
  return agreements;
}

/** Whether sharing it depends on what was shared before. */
export function isRemembering({ agreements }: AgreedSale): boolean {
  return [...agreements.values()].some(remembers);
}

export function neededToShare({ event: { data }, agreements, postedOn }: DatedSale): MemoryKeys {
  const { facilityId } = data;
  const makerIds = makersOf(data);
  const each = [...new Set(agreements.values())];
  return together(each.map((agreement) => memoryNeeded({ facilityId, makerIds }, agreement, postedOn)));
}
