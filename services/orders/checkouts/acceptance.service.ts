import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Checkout, knownPart, orderIdOf, type Violation } from '#libs/contracts';
import type { Transaction } from '#libs/database';
import { ChannelRepository, type ChannelWithTerms, paymentMethodOf } from '../channels/channel.repository.ts';
import { skusIn } from '../channels/listing.ts';
import { isByClass, type Terms, type TermsInForce, termsAt, underTerms } from '../channels/terms.ts';
import { OrderRepository, type StoredCheckout } from '../orders/order.repository.ts';
import { type Order, soldLinesOf } from '../orders/order.ts';
import { contentHashOf, orderLinesOf, priceOf } from '../orders/order-lines.ts';
import type { ClaimedOrders } from '../process/process.repository.ts';
import { type Delivery, ProcessService } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';
import { type RejectedCheckout, RejectedCheckoutRepository } from './rejected-checkout.repository.ts';
import { faultsOf } from './rules.ts';

const CONFLICT = 'another checkout of this reference came before';
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A checkout as it came: which order is meant is certain, all else is to be judged. */
export interface Submission {
  readonly content: { readonly channel: string; readonly orderRef: string };
  readonly cause: Origin;
  /** What its door found wrong with it already. */
  readonly faults?: readonly Violation[];
}

export type Acceptance =
  | { readonly outcome: 'accepted' }
  /** The same checkout came before, whatever became of it; `faults`: what was found wrong with it then. */
  | { readonly outcome: 'duplicate'; readonly faults: readonly Violation[] }
  /** Another checkout of this reference came before: it stands. */
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'invalid'; readonly faults: readonly Violation[] };

interface Judged extends StoredCheckout {
  readonly submission: Submission;
  readonly faults: readonly Violation[];
}

/** Takes checkouts from every door: Kafka, HTTP, import. */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly channels: ChannelRepository,
    private readonly orders: OrderRepository,
    private readonly rejections: RejectedCheckoutRepository,
    private readonly process: ProcessService,
  ) {}

  /**
   * Each checkout becomes an order, or a rejection that can be seen. A checkout that breaks a rule is kept as a
   * rejected order until a corrected one takes its place.
   * @param claimed their orders among them
   * @returns what became of each, in their order
   */
  async accept(
    transaction: Transaction,
    claimed: ClaimedOrders,
    submissions: readonly Submission[],
  ): Promise<Acceptance[]> {
    if (submissions.length === 0) return [];
    const skus = skusIn(submissions.map(({ content }) => content));
    const known = await this.channels.all(transaction, skus);
    const channels = new Map(known.map((channel) => [channel.channelId, channel]));
    const judged = submissions.map((submission) => judge(submission, channels));
    const outcomes = await this.#store(transaction, judged);

    const news = judged.filter((one) => isNews(outcomes.get(one)));
    await this.process.deliver(
      transaction,
      claimed,
      news.map(deliveryOf),
      new Map(news.flatMap(({ orderId, order }) => (order ? [[orderId, order]] : []))),
    );
    const conflicts = judged.filter((one) => outcomes.get(one)?.outcome === 'conflict');
    await this.process.tell(
      transaction,
      claimed,
      conflicts.map(({ orderId, submission: { cause } }) => {
        return { orderId, cause, refused: { type: 'checkout', reason: 'conflict', detail: CONFLICT } };
      }),
    );
    await this.rejections.add(
      transaction,
      judged.flatMap((one) => rejectionOf(one, outcomes.get(one))),
    );
    return judged.map((one) => outcomes.get(one) as Acceptance);
  }

  /** Of several checkouts of one order the first is stored and the next is compared with it, wave by wave. */
  async #store(transaction: Transaction, judged: readonly Judged[]): Promise<Map<Judged, Acceptance>> {
    const outcomes = new Map<Judged, Acceptance>();
    for (let waiting = judged; waiting.length > 0; waiting = waiting.filter((one) => !outcomes.has(one))) {
      const wave = [...new Map(waiting.toReversed().map((one) => [one.orderId, one])).values()];
      const stored = await this.orders.add(transaction, wave);
      const known = wave.filter(({ orderId }) => !stored.has(orderId));
      const hashes =
        known.length === 0
          ? undefined
          : await this.orders.contentHashes(
              transaction,
              known.map(({ orderId }) => orderId),
            );
      for (const one of wave) {
        if (stored.has(one.orderId)) {
          outcomes.set(one, one.order ? { outcome: 'accepted' } : { outcome: 'invalid', faults: one.faults });
        } else {
          const isSame = hashes?.get(one.orderId)?.equals(one.contentHash);
          outcomes.set(one, isSame ? { outcome: 'duplicate', faults: one.faults } : { outcome: 'conflict' });
        }
      }
    }
    return outcomes;
  }
}

function judge(submission: Submission, channels: ReadonlyMap<string, ChannelWithTerms>): Judged {
  const { content, cause } = submission;
  const identity = { submission, orderId: orderIdOf(content), correlationId: cause.correlationId };
  const channel = channels.get(content.channel);
  const termsOf = ({ placedAt }: Checkout): TermsInForce | undefined =>
    channel && termsAt(channel.versions, new Date(placedAt));
  const faults = [
    ...(submission.faults ?? []),
    ...faultsOf(content, (checkout) => termsOf(checkout)?.terms, channel?.listings),
  ];
  const checkout = content as Checkout;
  const inForce = faults.length === 0 ? termsOf(checkout) : undefined;
  if (channel === undefined || inForce === undefined) {
    return { ...identity, faults, contentHash: createHash('sha256').update(JSON.stringify(content)).digest() };
  }
  const sale = underTerms(checkout, inForce.terms);
  const lines = orderLinesOf(sale, inForce.terms, channel.listings);
  const order: Order = {
    orderId: identity.orderId,
    correlationId: cause.correlationId,
    placedAt: new Date(checkout.placedAt).toISOString(),
    payment: paymentMethodOf(channel),
    termsVersion: inForce.version,
    ...daysAfter(checkout, inForce.terms),
    amount: lines.reduce((sum, line) => sum + priceOf(line), 0),
    lines,
    ...(checkout.store !== undefined && { store: checkout.store }),
    ...(isUnclassified(sale, inForce.terms) && { unclassified: knownPart(Checkout, sale) as Checkout }),
  };
  return { ...identity, faults, contentHash: contentHashOf(checkout), order };
}

/** What it is charged goes by classes that it does not tell. */
function isUnclassified({ fees, lines }: Checkout, terms: Terms): boolean {
  return fees === undefined && terms.fees.some(isByClass) && lines.some(({ feeClass }) => feeClass === undefined);
}

/** What is due so many days after the order. */
function daysAfter(
  { placedAt }: Checkout,
  { returnWindowDays, settlesWithinDays }: Terms,
): Pick<Order, 'releaseAt' | 'settlesBy'> {
  const after = (days: number) => new Date(Date.parse(placedAt) + days * DAY_MS).toISOString();
  return {
    ...(returnWindowDays !== undefined && { releaseAt: after(returnWindowDays) }),
    ...(settlesWithinDays !== undefined && { settlesBy: after(settlesWithinDays) }),
  };
}

function isNews(acceptance: Acceptance | undefined): boolean {
  return acceptance?.outcome === 'accepted' || acceptance?.outcome === 'invalid';
}

function deliveryOf({ orderId, order, faults, submission: { cause } }: Judged): Delivery {
  return order
    ? { orderId, cause, message: { type: 'checkout-accepted', payment: order.payment, lines: soldLinesOf(order) } }
    : { orderId, cause, message: { type: 'checkout-refused', detail: detailOf(faults) } };
}

function rejectionOf(
  { orderId, faults, submission: { content } }: Judged,
  acceptance?: Acceptance,
): RejectedCheckout[] {
  const { channel } = content;
  if (acceptance?.outcome === 'invalid') {
    return [{ channel, orderId, type: 'checkout', reason: 'invalid', detail: detailOf(faults), content }];
  }
  if (acceptance?.outcome === 'conflict') {
    return [{ channel, orderId, type: 'checkout', reason: 'conflict', detail: CONFLICT, content }];
  }
  return [];
}

/** Faults as one text: `lines/0/quantity must be >= 1; ...`. */
export function detailOf(faults: readonly Violation[]): string {
  return faults.map(({ field, message }) => `${field} ${message.en}`).join('; ');
}
