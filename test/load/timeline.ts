/** When each step of a sale was on the broker, read from the broker afterwards: measuring costs nothing meanwhile. */
import { connectKafka } from '#libs/messaging/kafka';
import type { Subject } from './subject.ts';

/** The steps of a sale in their order: the event that ends each, where it travels. */
const STEPS = [
  { name: 'sent', type: 'marketplace.checkout-completed.v1', topic: 'checkout' },
  { name: 'placed', type: 'orders.order-placed.v1', topic: 'orders.order.v1' },
  { name: 'reserved', type: 'catalogue.stock-reserved.v1', topic: 'catalogue.stock.v1' },
  { name: 'captured', type: 'payments.payment-captured.v1', topic: 'payments.payment.v1' },
  { name: 'paid', type: 'orders.sale-paid.v1', topic: 'orders.sale.v1' },
  { name: 'credited', type: 'ledger.sale-credited.v1', topic: 'ledger.journal.v1' },
] as const;

type Step = (typeof STEPS)[number]['name'];
/** Milliseconds since 1970 by step. */
export type Moments = Partial<Record<Step, number>>;

type Offsets = Map<string, Map<number, number>>;

/** Looks at a broker as a bystander. */
export class Timeline {
  readonly #kafka;
  readonly #admin;
  readonly #steps;

  constructor({ administrator, checkoutTopic }: Subject) {
    this.#kafka = connectKafka('bench-timeline', administrator);
    this.#admin = this.#kafka.admin();
    this.#steps = STEPS.map((step) => (step.name === 'sent' ? { ...step, topic: checkoutTopic } : step));
  }

  connect(): Promise<void> {
    return this.#admin.connect();
  }

  close(): Promise<void> {
    return this.#admin.disconnect();
  }

  /** Sales that the ledger has told of. */
  async credited(): Promise<number> {
    const ends = await this.#admin.fetchTopicOffsets('ledger.journal.v1');
    return ends.reduce((sum, { offset }) => sum + Number(offset), 0);
  }

  /** Where the topics end now. */
  async ends(): Promise<Offsets> {
    const ends: Offsets = new Map();
    for (const { topic } of this.#steps) {
      const partitions = await this.#admin.fetchTopicOffsets(topic);
      ends.set(topic, new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)])));
    }
    return ends;
  }

  /** The moments of each order between two looks at the ends, by order id. */
  async moments(from: Offsets, to: Offsets): Promise<Map<string, Moments>> {
    const moments = new Map<string, Moments>();
    const consumer = this.#kafka.consumer({ groupId: `bench-timeline-${Date.now()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: this.#steps.map(({ topic }) => topic), fromBeginning: true });
    const unread = new Set<string>();
    for (const [topic, partitions] of to)
      for (const [partition, end] of partitions)
        if (end > (from.get(topic)?.get(partition) ?? 0)) unread.add(`${topic}/${partition}`);
    const readAll = Promise.withResolvers<void>();
    if (unread.size === 0) readAll.resolve();
    await consumer.run({
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        const step = this.#steps.find((each) => each.topic === topic);
        const end = to.get(topic)?.get(partition) ?? 0;
        for (const { headers, value, timestamp, offset } of messages) {
          if (!step || Number(offset) >= end || !isOfType(headers, step.type)) continue;
          const data = JSON.parse(String(value));
          const orderId = data.orderId ?? `${data.channel}/${data.orderRef}`;
          const ofOrder = moments.get(orderId) ?? {};
          ofOrder[step.name] = Number(timestamp);
          moments.set(orderId, ofOrder);
        }
        if (Number(messages.at(-1)?.offset) >= end - 1) unread.delete(`${topic}/${partition}`);
        if (unread.size === 0) readAll.resolve();
      },
    });
    for (const [topic, partitions] of from)
      for (const [partition, offset] of partitions) consumer.seek({ topic, partition, offset: String(offset) });
    await readAll.promise;
    await consumer.disconnect();
    return moments;
  }
}

/** Our client hands over headers as they came: name and value, one after the other. */
function isOfType(headers: unknown, type: string): boolean {
  return (headers as [string, Buffer][]).some(([name, value]) => name === 'ce_type' && String(value) === type);
}
