import { Injectable } from '@nestjs/common';
import { type ChannelCharged, chargeBorne, chargeCleared, type Event, UNALLOCATED } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { newEvent, Outbox } from '#libs/messaging';
import { ChargeRepository } from './charge.repository.ts';

/**
 * Tells the books which facility bears what a channel took or gave beside its orders: that of its store. What is of no
 * store that is known the books hold, until it is.
 */
@Injectable()
export class ChargesService {
  constructor(
    private readonly charges: ChargeRepository,
    private readonly outbox: Outbox,
  ) {}

  async take(transaction: Transaction, events: readonly Event<ChannelCharged>[]): Promise<void> {
    if (events.length === 0) return;
    await this.charges.holdStores(transaction, [...new Set(events.map(({ data }) => data.channel))]);
    const added = await this.charges.add(transaction, events);
    const first = new Map(events.toReversed().map((event) => [event.data.chargeId, event]));
    await this.outbox.append(
      transaction,
      [...added].flatMap(([chargeId, facilityId]) => {
        const cause = first.get(chargeId);
        return cause ? [newEvent(chargeBorne, { ...cause.data, facilityId: facilityId ?? UNALLOCATED }, cause)] : [];
      }),
    );
  }

  /** What nobody bore yet of a channel whose stores are others now. It is locked. */
  async attribute(transaction: Transaction, channelId: string): Promise<void> {
    const found = await this.charges.attribute(transaction, channelId);
    await this.outbox.append(
      transaction,
      found.flatMap(({ content, facilityId, correlationId }) => [
        newEvent(chargeCleared, { chargeId: content.chargeId, facilityId: UNALLOCATED }, { correlationId }),
        newEvent(chargeBorne, { ...content, facilityId }, { correlationId }),
      ]),
    );
  }
}
