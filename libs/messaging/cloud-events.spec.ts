import { describe, expect, it } from '@jest/globals';
import { checkoutCompleted, orderPaid } from '#libs/contracts';
import { toEvent, toMessage, UnreadableMessage } from './cloud-events.ts';
import { newEvent, newId } from './event.ts';

const checkout = {
  channel: 'blanja',
  orderRef: 'A-1',
  placedAt: '2026-01-05T10:00:00+07:00',
  lines: [{ lineRef: '1', sku: 'BATIK', quantity: 3, unitPrice: 40_000, discount: 6_000 }],
};
const message = (type: string, data: unknown) => ({
  topic: 'checkout.v1',
  key: 'blanja/A-1',
  headers: { ce_id: 'order-77', ce_source: '/blanja', ce_type: type },
  value: JSON.stringify(data),
});

describe('an event as a message', () => {
  it('comes back as it was', () => {
    const cause = {
      id: newId(),
      correlationId: newId(),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const event = newEvent(orderPaid, { orderId: 'blanja/A-1' }, cause);
    expect(event).toMatchObject({
      causationId: cause.id,
      correlationId: cause.correlationId,
      source: '/pasindo/orders',
    });
    expect(toEvent(toMessage(event))).toEqual(event);
  });

  it('is refused before it is sent if it breaks its schema', () => {
    const event = newEvent(orderPaid, { orderId: 7 as never }, { correlationId: newId() });
    expect(() => toMessage(event)).toThrow('orders.order-paid.v1 breaks its schema: orderId must be string');
  });
});

describe('a message from outside', () => {
  it('has one id of ours however often it comes, and another than that of another source', () => {
    const one = toEvent(message(checkoutCompleted.type, checkout));
    expect(toEvent(message(checkoutCompleted.type, checkout)).id).toBe(one.id);
    const other = message(checkoutCompleted.type, checkout);
    expect(toEvent({ ...other, headers: { ...other.headers, ce_source: '/toko' } }).id).not.toBe(one.id);
    expect(one.correlationId).toBe(one.id);
  });

  it.each([
    ['of an unknown type', message('marketplace.gossip.v1', {}), 'unknown event type marketplace.gossip.v1'],
    ['that is not JSON', { ...message(checkoutCompleted.type, {}), value: '{' }, 'is not JSON'],
    ['that names no order', message(checkoutCompleted.type, { channel: 'blanja' }), 'orderRef is required'],
    ['without an id', { ...message(orderPaid.type, {}), headers: { ce_type: orderPaid.type } }, 'has no ce_id header'],
  ])('%s is unreadable', (_, unreadable, cause) => {
    expect(() => toEvent(unreadable)).toThrow(UnreadableMessage);
    expect(() => toEvent(unreadable)).toThrow(cause);
  });
});

describe('a message of a retired type', () => {
  const { placedAt, lines, ...named } = checkout;
  const pilot = {
    ...named,
    orderedAt: placedAt,
    items: lines.map(({ discount: _, ...line }) => ({ ...line, unitDiscount: 2_000 })),
  };

  it('becomes an event of today\u2019s type', () => {
    const event = toEvent(message('marketplace.checkout-completed.v0', pilot));
    expect(event).toMatchObject({ type: checkoutCompleted.type, data: checkout });
  });

  it('is held to the schema it had', () => {
    const broken = message('marketplace.checkout-completed.v0', { ...pilot, items: [] });
    expect(() => toEvent(broken)).toThrow('marketplace.checkout-completed.v0 breaks its schema: items');
  });
});
