/** The release before is exchanged for this one under traffic: first what is added to the databases, then the services. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkout, checkoutDisputed, orderIdOf, saleIdOf } from '#libs/contracts';
import { configuredKafka, KafkaBroker, newEvent, newId, toMessage } from '#libs/messaging/kafka';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import type { Fault } from './faults.ts';
import { FACILITIES, skuOf } from './goods.ts';
import { rowsOf, type System } from './system.ts';
import { completedOf } from './traffic.ts';
import { unsoundnessOf } from './verification.ts';

const RELEASED = 'libs/contracts/released.json';

/** So long both releases of a service share its work. */
const BESIDE_MS = 3_000;

/** Orders tells every other service what to do; who does it is exchanged before, the books first of all. */
const HEARERS_FIRST: readonly Service[] = ['ledger', 'payments', 'catalogue', 'orders'];

const [DISPUTED_FACILITY = ''] = FACILITIES;

/** Of none of a round. What is said of them, `orders.sale-frozen.v1`, is new to a release that knows no disputes. */
const DISPUTED = Array.from({ length: 8 }, (_, index): Checkout => {
  const lines = [{ lineRef: '1', sku: skuOf(DISPUTED_FACILITY), quantity: 1, unitPrice: 50_000 }];
  return { channel: 'blanja', orderRef: `disputed-${index}`, placedAt: '2026-01-05T10:00:00+07:00', lines };
});

/** What a service says when it stands before what it does not know, or a schema that is not its own. */
const STOPPED = 'and are not at fault: stopped';

/**
 * @param revision of the release before
 * @param directory where it is
 */
export function upgradesFrom(revision: string, directory: string): Fault[] {
  const known = Object.keys(JSON.parse(readFileSync(join(directory, RELEASED), 'utf8')));
  const upgrade = (order: string, services: readonly Service[]): Fault => ({
    name: `${revision} exchanged for this release, ${order} first`,
    lastsMs: [0, 0],
    disputes: known.includes(checkoutDisputed.type), // else the release before has each of them among its dead letters
    inject: async ({ system }) => {
      for (const service of SERVICES) {
        await system.migrate(service);
        await forgetTypesBut(known, system, service);
      }
      return async () => {
        for (const service of services) {
          await system.exchange(service, BESIDE_MS);
          if (service === 'orders') await dispute(system);
        }
      };
    },
    judge: async ({ system }) => [
      ...(await undisputedOf(system)),
      ...stoppedOf(system),
      ...(await unsoundnessOf(system)),
    ],
  });
  return [upgrade('hearers', HEARERS_FIRST), upgrade('senders', HEARERS_FIRST.toReversed())];
}

/**
 * As far as this database knows, what has been sent is what the release before sends. More than an operator gets: the
 * migration that makes this memory takes for known what the last release before it sends, whichever is exchanged.
 */
async function forgetTypesBut(known: readonly string[], system: System, service: Service): Promise<void> {
  await rowsOf(system.databaseUrls[service], 'DELETE FROM heard_type WHERE type <> ALL ($1)', [known]);
}

async function dispute(system: System): Promise<void> {
  const publisher = new KafkaBroker('buyers', configuredKafka(system.kafka.as('mp-blanja'))).publisher();
  const events = DISPUTED.flatMap((checkout) => {
    const { channel, orderRef } = checkout;
    const data = { channel, orderRef, lineRef: '1', disputeRef: 'D1', quantity: 1 };
    return [completedOf(checkout), newEvent(checkoutDisputed, data, { correlationId: newId() })];
  });
  await publisher.publish(events.map(toMessage));
  await publisher.close();
}

async function undisputedOf(system: System): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(system.databaseUrls.ledger, 'SELECT sale_id AS id FROM sale_dispute');
  const disputed = new Set(rows.map(({ id }) => id));
  return DISPUTED.map((checkout) => saleIdOf(orderIdOf(checkout), DISPUTED_FACILITY))
    .filter((saleId) => !disputed.has(saleId))
    .map((saleId) => `${saleId}: disputed, and the books were not told`);
}

function stoppedOf({ directory }: System): string[] {
  const logs = join(directory, 'logs');
  return readdirSync(logs).flatMap((file) =>
    readFileSync(join(logs, file), 'utf8')
      .split('\n')
      .filter((line) => line.includes(STOPPED))
      .map((line) => `${file}: ${line}`),
  );
}
