import type { Kafka } from 'kafkajs';
import { v7 } from 'uuid';
import type { Topic } from '#libs/contracts';
import type {
  BatchHandler,
  Broker,
  Misfit,
  Position,
  Publisher,
  Subscription,
  ToldType,
  UnheardType,
} from '../broker.ts';
import type { KafkaAddress } from './address.ts';
import { connectKafka } from './client.ts';
import { KafkaConsumer } from './consumer.ts';
import { unheardOf } from './hearers.ts';
import { committedOf } from './positions.ts';
import { KafkaPublisher } from './publisher.ts';
import { createTopics, misfitsOf } from './topics.ts';

/** Kafka, by kafkajs. */
export class KafkaBroker implements Broker {
  readonly #kafka: Kafka;
  readonly #clientId: string;

  /** `clientId`: no other living process has it; whoever is found under it in a group is what is left of a predecessor. */
  constructor(clientId: string, address?: KafkaAddress) {
    this.#clientId = clientId;
    this.#kafka = connectKafka(clientId, address);
  }

  createTopics(topics: readonly Topic[]): Promise<void> {
    return createTopics(this.#kafka, topics);
  }

  misfitsOf(topics: readonly Topic[]): Promise<Misfit[]> {
    return misfitsOf(this.#kafka, topics);
  }

  committed(group: string): Promise<Position[]> {
    return committedOf(this.#kafka, group);
  }

  unheard(told: readonly ToldType[]): Promise<UnheardType[]> {
    return unheardOf(this.#kafka, told);
  }

  publisher(): Publisher {
    return new KafkaPublisher(this.#kafka);
  }

  subscription(group: string, topics: readonly (string | RegExp)[], handle: BatchHandler): Subscription {
    return new KafkaConsumer(this.#kafka, this.#clientId, group, topics, handle);
  }

  feed(principal: string, topics: readonly string[], handle: BatchHandler): Subscription {
    return new KafkaConsumer(this.#kafka, this.#clientId, `${principal}.${v7()}`, topics, handle, 'end');
  }
}
