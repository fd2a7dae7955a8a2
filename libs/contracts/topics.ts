/** A stream of events with one kind of key. Partitions bound how many instances can share it. */
export interface Topic {
  /** With `{channel}` in it: each channel has one of its own. */
  readonly name: string;
  readonly key: string;
  readonly partitions: number;
  /** null: for ever, so that a reader who comes later reads it from the beginning. */
  readonly retentionDays: number | null;
  /** Written by marketplaces, not by services of ours. */
  readonly outside?: true;
  /** The service that writes it, where its name does not begin with that. */
  readonly writer?: string;
}

/** Enough for the largest facility to lag alone; raising it later moves keys, so drain the topic first. */
const partitions = 4;

/** Longer than any outage that is repaired by redelivery; the inbox remembers event ids for longer than this. */
const retentionDays = 7;

const topic = (name: string, key: string): Topic => ({
  name,
  key,
  partitions,
  retentionDays,
});

export const topics = {
  checkout: { ...topic('checkout.{channel}.v1', 'channel/orderRef'), outside: true },
  outcome: { ...topic('outcomes.{channel}.v1', 'channel/orderRef'), writer: 'orders' },
  order: topic('orders.order.v1', 'orderId'),
  sale: topic('orders.sale.v1', 'facilityId'),
  lot: topic('catalogue.lot.v1', 'facilityId'),
  facility: { ...topic('catalogue.facility.v1', 'facilityId'), retentionDays: null },
  stock: topic('catalogue.stock.v1', 'orderId'),
  payment: topic('payments.payment.v1', 'orderId'),
  journal: topic('ledger.journal.v1', 'facilityId'),
  payout: topic('ledger.payout.v1', 'facilityId'),
  maker: topic('ledger.maker.v1', 'makerId'),
  books: { ...topic('ledger.books.v1', 'facilityId, or * where there is none'), retentionDays: null },
  disbursement: topic('payments.disbursement.v1', 'facilityId'),
} as const satisfies Record<string, Topic>;

/** Where tools that watch topics learn of a service's dead letters. */
export function deadLetterTopic(service: string): Topic {
  return { ...topic(`${service}.dead-letters.v1`, 'deadLetterId'), partitions: 1 };
}

/** What is named after a service is its own to write, and what says so. */
export function topicsWrittenBy(service: string): Topic[] {
  return [...Object.values<Topic>(topics).filter((each) => serviceWriting(each) === service), deadLetterTopic(service)];
}

function serviceWriting({ name, outside, writer = name.slice(0, name.indexOf('.')) }: Topic): string | undefined {
  return outside ? undefined : writer;
}

/** Services that tell others something: each reads as the consumer group of its name. */
export const services = [...new Set(Object.values<Topic>(topics).flatMap((each) => serviceWriting(each) ?? []))];

/** As whom a channel comes to Kafka. */
export function marketplaceOf(channel: string): string {
  return `mp-${channel}`;
}

const CHANNEL = '{channel}';
const CHANNEL_ID = '[a-z0-9][a-z0-9-]{0,39}';

export function isPerChannel({ name }: Topic): boolean {
  return name.includes(CHANNEL);
}

/** The one of this channel. */
export function topicOf(topic: Topic, channel: string): Topic {
  return { ...topic, name: topic.name.replace(CHANNEL, () => channel) };
}

/**
 * How its names look. Of a topic that each channel has one of also the one that all channels had together before
 * (`checkout.v1`): nobody makes it or writes it any more, and what it holds is read.
 */
export function formOf({ name }: Topic): RegExp {
  const pattern = name.replaceAll('.', '\\.').replace(`\\.${CHANNEL}`, () => `(?:\\.(?<channel>${CHANNEL_ID}))?`);
  return new RegExp(`^${pattern}$`);
}

/** What the contracts say of a name. */
export interface NamedTopic {
  readonly topic: Topic;
  /** Whose it is, of a topic that each channel has one of. */
  readonly channel?: string;
}

const forms = Object.values(topics).map((each) => ({ topic: each, form: formOf(each) }));
const named = new Map<string, NamedTopic | undefined>();

/** Undefined: it is no topic of the contracts. */
export function topicNamed(name: string): NamedTopic | undefined {
  if (!named.has(name)) named.set(name, lookedUp(name));
  return named.get(name);
}

function lookedUp(name: string): NamedTopic | undefined {
  for (const { topic, form } of forms) {
    const found = form.exec(name);
    const channel = found?.groups?.channel;
    if (found) return { topic, ...(channel !== undefined && { channel }) };
  }
  return undefined;
}

/** Who may write the topic of this name. */
export function writerOf(name: string): string {
  const { topic, channel } = topicNamed(name) ?? {};
  if (topic?.outside && channel !== undefined) return marketplaceOf(channel);
  return (topic && serviceWriting(topic)) ?? name.slice(0, name.indexOf('.'));
}
