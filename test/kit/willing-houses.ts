import { Controller } from '@nestjs/common';
import {
  type Checkout,
  type DataOf,
  type Event,
  orderPlaced,
  paymentCaptured,
  paymentRefunded,
  refundPosted,
  refundRequested,
  saleCredited,
  salePaid,
  saleRefunded,
  stockReserved,
} from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { EventHandler, newEvent, newId, Outbox } from '#libs/messaging';

const NO_TOTALS = {
  ...{ costRecovery: 0, facility: 0, makers: 0, state: 0, beneficiaries: 0 },
  ...{ fees: 0, shipping: 0, tax: 0, suspense: 0 },
};

/** What a marketplace says of orders whose references begin with the run: two bags each, unless it says otherwise. */
export function saidOf(run: string) {
  return {
    checkoutOf: (name: string, more: Partial<Checkout> = {}): Checkout => ({
      ...{ channel: 'blanja', orderRef: `${run}-${name}`, placedAt: '2026-01-05T09:30:00+07:00' },
      lines: [{ lineRef: '1', sku: 'BAG', quantity: 2, unitPrice: 50_000 }],
      ...more,
    }),
    refundOf: (name: string, refundRef: string, quantity: number) => ({
      ...{ channel: 'blanja', orderRef: `${run}-${name}`, lineRef: '1', refundRef, quantity },
      requestedAt: '2026-01-06T09:30:00+07:00',
    }),
  };
}

/** Catalogue, payments and ledger as orders sees them, to which everything is right. */
@Controller()
export class WillingHouses {
  constructor(private readonly outbox: Outbox) {}

  @EventHandler(orderPlaced)
  async onPlaced(events: Event<DataOf<typeof orderPlaced>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const { orderId, amount, placedAt, lines } = event.data;
      const portion = { lotId: 'L-1', unitCost: 1_000, measure: 'equal' as const, contributions: [] };
      const reserved = lines.map(({ lineRef, quantity }) => ({
        ...{ lineRef, facilityId: 'F1', portions: [{ ...portion, quantity }] },
      }));
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      return [
        newEvent(stockReserved, { orderId, expiresAt, lines: reserved }, event),
        newEvent(paymentCaptured, { orderId, amount, capturedAt: placedAt }, event),
      ];
    });
  }

  @EventHandler(salePaid)
  async onPaid(events: Event<DataOf<typeof salePaid>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const { saleId, orderId, facilityId } = event.data;
      const journal = { journalId: newId(), postedOn: '2026-01-05', totals: NO_TOTALS };
      return [newEvent(saleCredited, { saleId, orderId, facilityId, ...journal }, event)];
    });
  }

  @EventHandler(refundRequested)
  async onRefundRequested(events: Event<DataOf<typeof refundRequested>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => [
      newEvent(paymentRefunded, { ...event.data, refundedAt: new Date().toISOString() }, event),
    ]);
  }

  @EventHandler(saleRefunded)
  async onRefunded(events: Event<DataOf<typeof saleRefunded>>[], transaction: Transaction): Promise<void> {
    await this.#answer(transaction, events, (event) => {
      const { refundId, saleId, orderId, facilityId } = event.data;
      const journal = { journalId: newId(), postedOn: '2026-01-06', totals: NO_TOTALS };
      return [newEvent(refundPosted, { refundId, saleId, orderId, facilityId, ...journal }, event)];
    });
  }

  #answer<Data>(transaction: Transaction, events: Event<Data>[], answersTo: (event: Event<Data>) => Event[]) {
    return this.outbox.append(transaction, events.flatMap(answersTo));
  }
}
