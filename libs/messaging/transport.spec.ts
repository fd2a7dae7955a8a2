import { expect, it } from '@jest/globals';
import type { MessageHandler } from '@nestjs/microservices';
import { orderCancelled, orderPaid } from '#libs/contracts';
import type { Database } from '#libs/database';
import type { Broker } from './broker.ts';
import type { DeadLetters } from './dead-letters.ts';
import { Outbox } from './outbox.ts';
import { EventTransport } from './transport.ts';

const transport = () => new EventTransport({} as Broker, 'orders', {} as Database, new Outbox(), {} as DeadLetters);
const handler = (async () => {}) as unknown as MessageHandler;

it('a second handler of an event type is refused at boot: it would run again whenever the first fails', () => {
  const server = transport();
  server.addHandler(orderPaid.type, handler, true, { method: 'One.onPaid' });
  server.addHandler(orderCancelled.type, handler, true, { method: 'One.onCancelled' });
  expect(() => server.addHandler(orderPaid.type, handler, true, { method: 'Another.onPaid' })).toThrow(
    'orders.order-paid.v1 has two handlers in orders',
  );
});

it('a handler of a type that no event has is refused at boot: it would never be called', () => {
  expect(() => transport().addHandler('orders.order-pald.v1', handler, true)).toThrow('is not in the registry');
});
