import type { ChargeBorne } from '#libs/contracts';
import { type Entry, entriesOfWhole } from '../../books/journals/journal.ts';
import { varianceOf } from '../settlements/settlement.ts';

/**
 * What a channel took or gave beside its orders: nobody had expected it, so it is variance, which the close of the month
 * takes to the earnings of the facility. Withheld tax is an asset here too.
 */
export function chargeEntries({ channel, facilityId, bank, paidOut, withheldTax }: ChargeBorne): Entry[] {
  return entriesOfWhole([
    [`bank:${bank}@${facilityId}`, paidOut],
    [`tax:pph22-withheld@${facilityId}`, withheldTax],
    [varianceOf({ channel, facilityId }), -(paidOut + withheldTax)],
  ]);
}
