import { hostname } from 'node:os';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Database } from '#libs/database';
import { observe } from '#libs/observability';
import { configuredKeys, Sealer } from '#libs/sealing';
import type { Broker, Publisher } from './broker.ts';
import { DeadLetters, parkedKeyCount, SEALED_FOR } from './dead-letters.ts';
import { Hearers } from './hearers.ts';
import { KafkaBroker } from './kafka/kafka-broker.ts';
import { Outbox, oldestAgeSeconds, unsentCount } from './outbox.ts';
import { DeadLetterDesk } from './redrive.ts';
import { OutboxRelay } from './relay.ts';
import { EventTransport } from './transport.ts';
import { UndeliverableDesk, undeliverableCount } from './undeliverable.ts';

const BROKER = Symbol('Broker');

/** Runs the relay while the process lives; stops after the consumer, which may still write events. */
@Injectable()
class Relaying implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #publisher: Publisher;
  readonly #relay: OutboxRelay;

  constructor(@Inject(BROKER) broker: Broker, database: Database, outbox: Outbox, hearers: Hearers) {
    this.#publisher = broker.publisher();
    this.#relay = new OutboxRelay(database, this.#publisher, outbox, hearers);
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
        { provide: BROKER, useFactory: () => new KafkaBroker(member) },
        { provide: Hearers, inject: [BROKER], useFactory: (broker: Broker) => new Hearers(broker) },
        {
          provide: DeadLetters,
          useFactory: () => new DeadLetters(service, new Sealer(configuredKeys('SEALING_KEYS'), SEALED_FOR)),
        },
        {
          provide: EventTransport,
          inject: [BROKER, Database, Outbox, DeadLetters],
          useFactory: (broker: Broker, database: Database, outbox: Outbox, letters: DeadLetters) =>
            new EventTransport(broker, service, database, outbox, letters),
        },
        {
          provide: DeadLetterDesk,
          inject: [Database, DeadLetters, EventTransport],
          useFactory: (database: Database, letters: DeadLetters, transport: EventTransport) =>
            new DeadLetterDesk(database, letters, transport.processor),
        },
        {
          provide: UndeliverableDesk,
          inject: [Database, Outbox],
          useFactory: (database: Database, outbox: Outbox) => new UndeliverableDesk(database, outbox),
        },
      ],
      exports: [Outbox, EventTransport, DeadLetterDesk, UndeliverableDesk],
    };
  }
}
