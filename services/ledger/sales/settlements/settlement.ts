import type { SettledAmounts } from '#libs/contracts';
import { type Rupiah, rupiah } from '#libs/money';
import type { Entry } from '../../books/journals/journal.ts';
import { receivable, type Sale } from '../sales/sale.ts';

/**
 * What a channel's report moves (golden.md, L2): what it held for the sale, less what it kept, comes to the bank; expected
 * fee and shipping are cleared, and actual less expected goes to the channel's variance. Shares are never computed
 * again. PPh 22 that was withheld is an asset.
 *
 * What the channel held is what the sale and its refunds left with it, so a later report settles later refunds: all
 * signs may turn.
 */
export function settlementEntries(
  { channel, facilityId, held }: Pick<Sale, 'channel' | 'facilityId' | 'held'>,
  { fee, shipping, withheldTax, bank }: SettledAmounts,
): Entry[] {
  const moved: [account: string, amount: Rupiah][] = [
    [`bank:${bank}@${facilityId}`, held.receivable - fee - shipping - withheldTax],
    [`channel:${channel}:fees@${facilityId}`, -held.fees],
    [`channel:${channel}:shipping@${facilityId}`, -held.shipping],
    [`tax:pph22-withheld@${facilityId}`, withheldTax],
    [`channel:${channel}:variance@${facilityId}`, fee + shipping + held.fees + held.shipping],
    [receivable({ channel, facilityId }), -held.receivable],
  ];
  return moved
    .filter(([, amount]) => amount !== 0)
    .map(([account, amount]) => ({ account, amount: rupiah(amount), lineRef: null, step: null }));
}
