import { hostname } from 'node:os';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import { Database } from '#libs/database';
import { observe } from '#libs/observability';
import { configuredKeys, Sealer } from '#libs/sealing';
import { DeadLetters, parkedKeyCount, SEALED_FOR } from './dead-letters.ts';
import { connectKafka } from './kafka/client.ts';
import { KafkaPublisher } from './kafka/publisher.ts';
import { Outbox, oldestAgeSeconds, unsentCount } from './outbox.ts';
import { DeadLetterDesk } from './redrive.ts';
import { OutboxRelay } from './relay.ts';
import { KafkaTransport } from './transport.ts';
import { UndeliverableDesk, undeliverableCount } from './undeliverable.ts';

const KAFKA = Symbol('Kafka');

/** Runs the relay while the process lives; stops after the consumer, which may still write events. */
@Injectable()
class Relaying implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #publisher: KafkaPublisher;
  readonly #relay: OutboxRelay;

  constructor(@Inject(KAFKA) kafka: Kafka, database: Database, outbox: Outbox) {
    this.#publisher = new KafkaPublisher(kafka);
    this.#relay = new OutboxRelay(database, this.#publisher, outbox);
    observe({
      name: 'outbox_backlog',
      help: 'Outbox rows not sent yet',
      read: () => database.session(unsentCount),
    });
    observe({
      name: 'outbox_oldest_age_seconds',
      help: 'Age of the oldest outbox row',
      read: () => database.session(oldestAgeSeconds),
    });
    observe({
      name: 'outbox_undeliverable_messages',
      help: 'Messages of ours that the broker refused for good and nobody has decided about',
      read: () => database.session(undeliverableCount),
    });
    observe({
      name: 'consumer_parked_keys',
      help: 'Keys whose messages wait behind a dead letter',
      read: () => database.session(parkedKeyCount),
    });
  }

  onApplicationBootstrap(): void {
    this.#relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#relay.stop();
    await this.#publisher.close();
  }
}

@Module({})
export class MessagingModule {
  /** `service`: name of the consumer group. Needs DatabaseModule with messagingMigrations, and `KAFKA_BROKERS`. */
  static forRoot({ service }: { service: string }): DynamicModule {
    // One living process has it at a time, and one that is started again in its place has it again.
    const member = `${service}@${hostname()}:${process.env.PORT ?? 'default'}`;
    return {
      module: MessagingModule,
      global: true,
      providers: [
        Outbox,
        Relaying,
        { provide: KAFKA, useFactory: () => connectKafka(member) },
        {
          provide: DeadLetters,
          useFactory: () => new DeadLetters(service, new Sealer(configuredKeys('SEALING_KEYS'), SEALED_FOR)),
        },
        {
          provide: KafkaTransport,
          inject: [KAFKA, Database, Outbox, DeadLetters],
          useFactory: (kafka: Kafka, database: Database, outbox: Outbox, letters: DeadLetters) =>
            new KafkaTransport(kafka, member, service, database, outbox, letters),
        },
        {
          provide: DeadLetterDesk,
          inject: [Database, DeadLetters, KafkaTransport],
          useFactory: (database: Database, letters: DeadLetters, transport: KafkaTransport) =>
            new DeadLetterDesk(database, letters, transport.processor),
        },
        {
          provide: UndeliverableDesk,
          inject: [Database, Outbox],
          useFactory: (database: Database, outbox: Outbox) => new UndeliverableDesk(database, outbox),
        },
      ],
      exports: [Outbox, KafkaTransport, DeadLetterDesk, UndeliverableDesk],
    };
  }
}
