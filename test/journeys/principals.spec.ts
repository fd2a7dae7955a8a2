/** Marketplaces on Kafka as they are: each with a principal and a topic of its own. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { type Checkout, checkoutCompleted, type Event, salePaid } from '#libs/contracts';
import { configuredKafka, KafkaBroker, type Message, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { makeAccess } from '../../deploy/local/kafka/users.ts';
import { type Channel, checkoutOf, completed, idOf, openChannel, orderOf, untilOrder } from './marketplace.ts';
import { kafka, publish, read, send, until } from './stack.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop({ stock: 100 });
});

const saleOf = (channel: string): Checkout =>
  checkoutOf(channel as Channel, [{ sku: workshop.sku, quantity: 1, unitPrice: 100_000 }]);

const onTopicOf = (channel: string, event: Event): Message => ({
  ...toMessage(event),
  topic: `checkout.${channel}.v1`,
});

it('a marketplace cannot write to the topic of another, nor to any of ours', async () => {
  const publisher = new KafkaBroker('blanja', configuredKafka(kafka().as('mp-blanja'))).publisher();
  const event = completed(saleOf('toko-sandbox'));
  for (const topic of ['checkout.toko-sandbox.v1', 'orders.sale.v1', 'ledger.journal.v1']) {
    await expect(publisher.publish([{ ...toMessage(event), topic }])).rejects.toThrow(/authoriz/i);
  }
  await publisher.close();
});

it('what it says of an order of another is for itself to see: neither the order nor its event id is burnt', async () => {
  const sale = saleOf('blanja');
  const event = completed(sale);
  await publish(onTopicOf('toko-sandbox', { ...event, data: { ...sale, fees: 1 } }), onTopicOf('toko-sandbox', event));
  const rejected = async () =>
    (
      await read<{ items: { orderId: string; channel: string; reason: string }[] }>('orders', 'rejected-checkouts')
    ).items.filter(({ orderId }) => orderId === idOf(sale));
  const items = await until(rejected, ({ length }) => length === 2);
  expect(items.map(({ channel, reason }) => [channel, reason])).toEqual(
    Array(2).fill(['toko-sandbox', 'wrong-channel']),
  );
  await send(event);
  await untilOrder(sale, 'credited');
});

it('an event of ours on the topic of a marketplace is not believed', async () => {
  const sale = saleOf('blanja');
  const paid = newEvent(salePaid, { orderId: idOf(sale) } as never, { correlationId: newId() });
  const key = randomUUID();
  const headers = { ce_id: paid.id, ce_type: salePaid.type, ce_source: '/pasindo/orders' };
  await publish({ topic: 'checkout.blanja.v1', key, headers, value: JSON.stringify(paid.data) });
  const letters = await until(
    async () =>
      (
        await read<{ items: { cause: string; message: { key: string } }[] }>('orders', 'dead-letters?limit=1000')
      ).items.filter(({ message }) => message.key === key),
    ({ length }) => length === 1,
  );
  expect(letters[0]?.cause).toContain('is believed on orders.sale.v1 only');
});

it('of each dead letter a notice says where it stands and why, and nothing of what is in it', async () => {
  const [key, secret] = [randomUUID(), randomUUID()];
  const notices: string[] = [];
  const reader = new KafkaBroker('watcher', configuredKafka(kafka().administrator)).subscription(
    `watcher-${key}`,
    ['orders.dead-letters.v1'],
    async (messages) => void notices.push(...messages.map(({ value }) => String(value))),
  );
  await reader.start();
  const headers = { ce_id: key, ce_type: checkoutCompleted.type };
  await publish({ topic: 'checkout.blanja.v1', key, headers, value: `{"${secret}` });
  const { items } = await until(
    () => read<{ items: { id: string; message: { key: string } }[] }>('orders', 'dead-letters?limit=1000'),
    ({ items }) => items.some(({ message }) => message.key === key),
  );
  const id = items.find(({ message }) => message.key === key)?.id;
  const found = await until(
    async () => notices.map((text) => JSON.parse(text)).filter(({ deadLetterId }) => deadLetterId === id),
    ({ length }) => length === 1,
  );
  await reader.stop();
  expect(found).toEqual([
    {
      ...{ deadLetterId: id, topic: 'checkout.blanja.v1', partition: expect.any(Number), offset: expect.any(String) },
      ...{ status: 'poison', cause: expect.any(String) },
    },
  ]);
  expect(notices.join()).not.toMatch(new RegExp(`${key}|${secret}`));
});

it('a channel that comes later has its topic and principal at once, and is heard within half a minute', async () => {
  const channel = `pasar-${randomUUID().slice(0, 8)}`;
  await openChannel(channel);
  expect(await makeAccess(kafka(), [channel])).toContain(`mp-${channel}: writes checkout.${channel}.v1`);
  const [later, before] = [saleOf(channel), saleOf('blanja')];
  await send(completed(later), completed(before));
  await untilOrder(before, 'credited');
  await untilOrder(later, 'credited');
  expect(await orderOf(later)).toMatchObject({ status: 'credited' });
});
