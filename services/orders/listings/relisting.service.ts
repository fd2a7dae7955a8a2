import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { canonical, goodsListed } from '#libs/contracts';
import { Database, type Transaction } from '#libs/database';
import { newEvent, Outbox } from '#libs/messaging';
import { RepeatedWork } from '#libs/service';
import { goodsOf, type Listings } from '../channels/listing.ts';
import { type OrderLine, orderLinesOf, wantedOf } from '../orders/order-lines.ts';
import type { OrderState } from '../process/order-process.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { ListingRepository, type UnreservedOrder } from './listing.repository.ts';

const INTERVAL_MS = 2_000;
const ORDERS_AT_ONCE = 200;
const TAKING_MS = 100;

/**
 * Looks at the orders of a channel that wait for their goods once more when it has other listings, and tells the catalogue
 * what they are of now. Orders may be being taken by the listings of before when others are approved: whoever takes one has
 * claimed it, so has a transaction with an id, before he reads the listings. Those that ran when the approval was seen
 * are waited for, and an order that is taken later has the listings already.
 */
@Injectable()
export class RelistingService extends RepeatedWork {
  constructor(
    private readonly database: Database,
    private readonly listings: ListingRepository,
    private readonly processes: ProcessRepository,
    private readonly outbox: Outbox,
  ) {
    super(INTERVAL_MS, 'orders that wait not listed anew');
  }

  override async work(signal: AbortSignal): Promise<boolean> {
    const relisting = await this.listings.nextRelisting(this.database);
    if (!relisting) return false;
    while (!(await this.listings.areOver(this.database, relisting.seenBy))) {
      if (signal.aborted) return false;
      await sleep(TAKING_MS);
    }
    for (let after: string | undefined = ''; after !== undefined; ) {
      if (signal.aborted) return false;
      const from: string = after;
      after = await this.database.transaction((transaction) => this.#relist(transaction, relisting.channelId, from));
    }
    await this.listings.endRelisting(this.database, relisting);
    return true;
  }

  /** @returns the last order that was looked at; undefined: there was none */
  async #relist(transaction: Transaction, channelId: string, after: string): Promise<string | undefined> {
    const orderIds = await this.listings.mayWait(transaction, channelId, after, ORDERS_AT_ONCE);
    const claimed = await this.processes.claim(transaction, { known: orderIds });
    const waiting = [...claimed].flatMap(([orderId, state]) => (awaitsGoods(state) ? [orderId] : []));
    const orders = await this.listings.unreserved(transaction, waiting);
    const skus = new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
    const listings = await this.listings.inForce(transaction, channelId, [...skus]);
    const changed = orders.flatMap((order) => {
      const lines = listedLines(order, listings);
      return canonical(lines) === canonical(order.lines) ? [] : [{ ...order, lines }];
    });
    this.listings.relist(transaction, changed);
    await this.outbox.append(
      transaction,
      changed.map(({ orderId, lines, correlationId }) =>
        newEvent(goodsListed, { orderId, lines: lines.map(wantedOf) }, { correlationId }),
      ),
    );
    return orderIds.at(-1);
  }
}

/** Its channel has the money, so that it waits where another order is cancelled. */
function awaitsGoods(state: OrderState): boolean {
  return state.status === 'placed' && state.escrow === true && state.reserved === undefined;
}

function listedLines({ lines, store, unclassified, terms }: UnreservedOrder, listings: Listings): OrderLine[] {
  if (unclassified && terms) return orderLinesOf(unclassified, terms, listings);
  return lines.map(({ listedSku: _, unlisted: __, ...line }) => ({
    ...line,
    ...goodsOf(line.sku, store ?? undefined, listings),
  }));
}
