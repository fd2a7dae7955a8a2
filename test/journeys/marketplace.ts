/** What a marketplace and its buyers do: check out over Kafka, ask for refunds, look at an order and its money. */
import { randomUUID } from 'node:crypto';
import { type Checkout, checkoutCompleted, checkoutRefunded, type Event, orderIdOf } from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging/kafka';
import { type Answer, post, read, request, until } from './stack.ts';

export type Channel = 'blanja' | 'toko-sandbox';
/** What a channel charges and bears where nothing else is agreed: what checkouts say, and all of it the seller. */
export const ALL_OURS = { sellersPartOfDiscountBp: 10_000, shippingBorneBy: 'seller', fees: [] };

/** A channel with approved terms, which hold from any day on. */
export async function openChannel(channelId: string, terms: object = ALL_OURS): Promise<void> {
  await post('orders', 'channels', { channelId, name: 'Pasar', kind: 'generic', by: 'p-1' });
  const draft = { version: 1, effectiveFrom: '2025-01-01T00:00:00+07:00', ...terms, by: 'p-1' };
  await post('orders', `channels/${channelId}/terms`, draft);
  const { status, body } = await post('orders', `channels/${channelId}/terms/1/approval`, { by: 'p-2' });
  if (status !== 200) throw new Error(`terms of ${channelId}: ${JSON.stringify(body)}`);
}

export type Line = Checkout['lines'][number];

/** A checkout with a reference of its own. `blanja` holds the money in escrow, `toko-sandbox` waits for the gateway. */
export function checkoutOf(
  channel: Channel,
  lines: readonly Omit<Line, 'lineRef'>[],
  more: Partial<Checkout> = {},
): Checkout {
  return {
    channel,
    orderRef: `journey-${randomUUID().slice(0, 8)}`,
    placedAt: '2026-01-05T10:00:00+07:00',
    lines: lines.map((line, index) => ({ lineRef: `${index + 1}`, ...line })),
    ...more,
  };
}

export const completed = (checkout: Checkout): Event =>
  newEvent(checkoutCompleted, checkout, { correlationId: newId() });

export function refunded(
  { channel, orderRef }: Checkout,
  lineRef: string,
  refundRef: string,
  quantity: number,
  requestedAt = '2026-01-06T09:00:00+07:00',
): Event {
  const refund = { channel, orderRef, lineRef, refundRef, quantity, requestedAt };
  return newEvent(checkoutRefunded, refund, { correlationId: newId() });
}

export interface Order {
  readonly status: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly refunds: readonly {
    readonly refundRef: string;
    readonly status: string;
    readonly reason?: string;
    readonly amount?: number;
  }[];
}

/** The order once it has this status. */
export async function untilOrder(checkout: Checkout, status: string): Promise<Order> {
  const { body } = await until(
    () => request<Order>('orders', `orders/${pathOf(checkout)}`),
    (answer) => answer.body.status === status,
  );
  return body;
}

export interface Payment {
  readonly status: string;
  readonly amount: number;
  readonly captured: number;
  readonly refunded: number;
}

export async function untilPayment(checkout: Checkout, expected: Partial<Payment>): Promise<Payment> {
  const { body } = await until(
    () => request<Payment>('payments', `payments/${pathOf(checkout)}`),
    ({ body }) => Object.entries(expected).every(([name, value]) => body[name as keyof Payment] === value),
  );
  return body;
}

/** Lets the sandbox gateway say something about an order's payment. */
export function gatewaySays(
  notice: 'capture' | 'fail' | 'expire' | 'refund',
  checkout: Checkout,
): Promise<Answer<Payment>> {
  return post('payments', `sandbox/payments/${pathOf(checkout)}/${notice}`);
}

export const orderOf = (checkout: Checkout): Promise<Order> => read('orders', `orders/${pathOf(checkout)}`);

/** `blanja/1001` */
export const idOf = (checkout: Checkout): string => orderIdOf(checkout);

export const pathOf = ({ channel, orderRef }: Checkout): string => `${channel}/${encodeURIComponent(orderRef)}`;
