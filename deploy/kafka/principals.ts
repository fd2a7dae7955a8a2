import type { Type } from '@nestjs/common';
import {
  eventDefinition,
  isPerChannel,
  marketplaceOf,
  services,
  type Topic,
  topicOf,
  topics,
  topicsWrittenBy,
} from '#libs/contracts';
import { handledTypes } from '#libs/messaging';
import type { Principal } from '#libs/messaging/kafka';
import { CatalogueModule } from '../../services/catalogue/catalogue.module.ts';
import { LedgerModule } from '../../services/ledger/ledger.module.ts';
import { OrdersModule } from '../../services/orders/orders.module.ts';
import { PaymentsModule } from '../../services/payments/payments.module.ts';

const MODULES = {
  catalogue: CatalogueModule,
  orders: OrdersModule,
  payments: PaymentsModule,
  ledger: LedgerModule,
} satisfies Record<string, Type>;

/**
 * Who may write and read what. A service writes the topics that are named after it and reads those whose events it
 * handles, and sees which versions the others are of; a marketplace writes a topic of its own and reads another; each process
 * of the portal reads the books.
 */
export function principalsFor(channels: readonly string[], bytesPerSecondMax: number): Principal[] {
  return [
    ...Object.entries(MODULES).map(([name, module]) => ({
      name,
      writes: topicsWrittenBy(name),
      reads: [...new Set<Topic>(handledTypes(module).flatMap((type) => eventDefinition(type)?.topic ?? []))],
      looksAt: services,
    })),
    { name: 'portal', writes: [], reads: [topics.books], readsApart: true as const },
    ...channels.map((channel) => ({
      name: marketplaceOf(channel),
      writes: [topicOf(topics.checkout, channel)],
      reads: [topicOf(topics.outcome, channel)],
      bytesPerSecondMax,
    })),
  ];
}

/** What principals of ours write or read: so everything but what all channels had together once. */
export function topicsOf(principals: readonly Principal[]): Topic[] {
  const topics = principals
    .flatMap(({ writes, reads }) => [...writes, ...reads])
    .filter((topic) => !isPerChannel(topic));
  return [...new Map(topics.map((topic) => [topic.name, topic])).values()];
}
