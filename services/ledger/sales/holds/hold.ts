import type { ChargeBorne, Event, MoneyHeld, SalePaid, SaleRefunded, SaleSettled } from '#libs/contracts';
import { type Rupiah, rupiah } from '#libs/money';
import { accountCode } from '../../books/accounts/account-code.ts';
import { type Entry, entriesOfWhole } from '../../books/journals/journal.ts';
import { receivable } from '../sales/sale.ts';

/**
 * What is held, as its journal keeps it: money that a channel has, gave back to a buyer or paid out, of which it is not
 * known yet whom it is to be credited to. Of goods of no known facility as orders tells it; of a sale that no agreement
 * shares yet, in the book of its facility.
 */
export interface HoldSource extends Omit<MoneyHeld, 'holdId' | 'subject'> {
  /**
   * charge: what a channel took or gave is of no store that is known. assigned: nobody knows the order or the store, and
   * two persons gave a facility what was settled or charged.
   */
  readonly subject: MoneyHeld['subject'] | 'charge' | 'assigned';
  /** Of a charge. */
  readonly charge?: Pick<ChargeBorne, 'called' | 'store'>;
  /** Of a sale without an agreement. */
  readonly saleId?: string;
  /** What is posted in its place once there is one. */
  readonly event?: Event<SalePaid | SaleRefunded | SaleSettled>;
  /** Of what is assigned, by whom and why. */
  readonly assignment?: Assignment;
}

/** A decision of two persons, as it was approved. */
export interface Assignment {
  readonly adjustmentId: string;
  readonly type: 'assignment';
  readonly reason: string;
  readonly createdBy: string;
  readonly approvedBy: string;
}

/** A hold that is not undone. */
export interface Hold extends HoldSource {
  readonly holdId: string;
  readonly journalId: string;
  readonly correlationId: string;
}

/** What a channel holds, or has paid out, and nobody is credited for (`channel:{id}:unallocated@{book}`). */
export function unallocated({ channel, facilityId }: Pick<HoldSource, 'channel' | 'facilityId'>): string {
  return `channel:${channel}:unallocated@${facilityId}`;
}

/** What a hold moves. What was kept of a settlement is not compared with what was expected: nothing is known of that. */
export function heldEntries(source: HoldSource): Entry[] {
  const { channel, facilityId, subject, amount } = source;
  const [owed, nobodys] = [receivable({ channel, facilityId }), unallocated(source)];
  switch (subject) {
    case 'order':
      return entriesOfWhole([
        [owed, amount],
        [nobodys, -amount],
      ]);
    case 'refund':
      return entriesOfWhole([
        [nobodys, amount],
        [owed, -amount],
      ]);
    case 'assigned': {
      const { fee, shipping, withheldTax, bank } = settlementOf(source);
      return entriesOfWhole([
        [`bank:${bank}@${facilityId}`, amount - fee - shipping - withheldTax],
        [`tax:pph22-withheld@${facilityId}`, withheldTax],
        [`facility:${facilityId}:earnings`, -earnedOf(source)],
      ]);
    }
    default: {
      const { fee, shipping, withheldTax, bank } = settlementOf(source);
      return entriesOfWhole([
        [`bank:${bank}@${facilityId}`, amount - fee - shipping - withheldTax],
        [accountCode.fees(channel, facilityId), fee],
        [accountCode.shipping(channel, facilityId), shipping],
        [`tax:pph22-withheld@${facilityId}`, withheldTax],
        [subject === 'settlement' ? owed : nobodys, -amount],
      ]);
    }
  }
}

/** What a channel took or gave, of no store that is known: its own id stands where that of an order would. */
export function heldCharge({ chargeId, channel, facilityId, chargedAt, ...charge }: ChargeBorne): HoldSource {
  const { called, store, withheldTax, paidOut, bank } = charge;
  return {
    ...{ orderId: chargeId, channel, facilityId, subject: 'charge', occurredAt: chargedAt },
    amount: paidOut + withheldTax,
    settlement: { settlementId: chargeId, fee: 0, shipping: 0, withheldTax, bank },
    charge: { called, ...(store !== undefined && { store }) },
  };
}

/** A hold that is undone: its mirror. */
export function clearedEntries(source: HoldSource): Entry[] {
  return heldEntries(source).map((entry) => ({ ...entry, amount: -entry.amount }));
}

/**
 * What was settled of an order that is not there, or charged of no store, as a facility gets it: what the channel kept was
 * never expected, so it is no fee of these books. It is held as the same, so that it is undone when its order or store does
 * come.
 */
export function assignedTo(facilityId: string, hold: Hold, assignment: Assignment): HoldSource {
  const { orderId, channel, amount, occurredAt, settlement, charge } = hold;
  return {
    orderId,
    channel,
    facilityId,
    subject: 'assigned',
    amount,
    occurredAt,
    ...(settlement && { settlement }),
    ...(charge && { charge }),
    assignment,
  };
}

/** What a facility earns of what is assigned to it: all but what the channel kept for itself. */
export function earnedOf(source: HoldSource): number {
  const { fee, shipping } = settlementOf(source);
  return source.amount - fee - shipping;
}

/** What of the price the channel still holds, after all that is held of a sale. */
export function leftWithChannel(holds: readonly Pick<HoldSource, 'subject' | 'amount'>[]): Rupiah {
  return rupiah(holds.reduce((sum, { subject, amount }) => (subject === 'order' ? sum + amount : sum - amount), 0));
}

function settlementOf({ settlement }: HoldSource): NonNullable<HoldSource['settlement']> {
  if (!settlement) throw new RangeError('a settlement is held without what it says');
  return settlement;
}
