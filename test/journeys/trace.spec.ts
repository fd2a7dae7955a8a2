/** One sale is one trace, over all services that have a part in it. */
import { expect, it } from '@jest/globals';
import { journalPosted } from '#libs/contracts';
import type { ReceivedSpan } from '../kit/trace-receiver.ts';
import { checkoutOf, completed, idOf, untilOrder } from './marketplace.ts';
import { send, until } from './stack.ts';
import { openWorkshop } from './workshop.ts';

const spans = async (): Promise<ReceivedSpan[]> =>
  (await fetch(process.env.JOURNEY_TRACES as string)).json() as Promise<ReceivedSpan[]>;

it('what a checkout causes can be followed from orders through catalogue and payments to the books, and back', async () => {
  const { sku } = await openWorkshop({ stock: 1 });
  const checkout = checkoutOf('blanja', [{ sku, quantity: 1, unitPrice: 100_000 }]);
  await send(completed(checkout));
  await untilOrder(checkout, 'credited');
  const placed = await until(
    async () =>
      (await spans()).find(
        ({ name, attributes }) =>
          name === 'append orders.order-placed.v1' && attributes['messaging.kafka.message.key'] === idOf(checkout),
      ),
    (found) => found !== undefined,
  );
  const correlationId = placed?.attributes['messaging.message.conversation_id'];
  const isOfSale = ({ name, attributes }: ReceivedSpan): boolean =>
    attributes['messaging.message.conversation_id'] === correlationId && !name.endsWith(journalPosted.type); // told apart
  const ofSale = await until(
    async () => (await spans()).filter(isOfSale),
    (found) => found.some(({ name }) => name === 'process ledger.sale-credited.v1') && rootsOf(found).length === 1,
  );
  expect(new Set(ofSale.map(({ traceId }) => traceId)).size).toBe(1);
  const done = ofSale.map(({ service, name }) => `${service}: ${name}`);
  expect(done).toEqual(
    expect.arrayContaining([
      'orders: append orders.order-placed.v1',
      'orders: publish orders.order-placed.v1',
      'catalogue: process orders.order-placed.v1',
      'catalogue: append catalogue.stock-reserved.v1',
      'payments: process orders.order-placed.v1',
      'payments: append payments.payment-captured.v1',
      'orders: append orders.sale-paid.v1',
      'ledger: process orders.sale-paid.v1',
      'ledger: append ledger.sale-credited.v1',
    ]),
  );
});

/** Whose parents are not among them. */
function rootsOf(found: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const known = new Set(found.map(({ spanId }) => spanId));
  return found.filter(({ parentSpanId }) => parentSpanId === undefined || !known.has(parentSpanId));
}
