/** A small world to ask about: sold, settled, refunded, returned, drafted, decided, and what could not be processed. */
import { randomUUID } from 'node:crypto';
import { topicOf, topics } from '#libs/contracts';
import { configuredKafka, KafkaBroker } from '#libs/messaging/kafka';
import { SERVICES, type Service } from '../../deploy/local/services.ts';
import { id1990 } from '../../services/ledger/sharing/agreements/id-1990.ts';
import { columns } from '../../services/orders/import/columns.ts';
import { checkoutOf, completed, untilOrder } from '../journeys/marketplace.ts';
import { kafka, post, read, request, send, until } from '../journeys/stack.ts';
import { openWorkshop } from '../journeys/workshop.ts';

const occurredAt = '2026-01-15T10:00:00+07:00';
const by = 'drafter';
const reason = 'to be asked about';

/** A request that was taken. */
export interface Example {
  readonly service: Service;
  readonly path: string;
  readonly body: object;
}

/** @returns what made it */
export async function seedWorld(): Promise<readonly Example[]> {
  const examples: Example[] = [];
  const done = async <Body>(
    service: Service,
    path: string,
    { by: asker, at, ...body }: { by?: string; at?: string; [field: string]: unknown },
  ): Promise<Body> => {
    const answer = await post<Body>(service, path, { ...body, by: asker, at }, randomUUID());
    if (answer.status >= 300) throw new Error(`${service} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    examples.push({ service, path: `/v1/${path}`, body });
    return answer.body;
  };
  const { facilityId, sku, lotId, makerIds } = await openWorkshop({ stock: 1_000, unitCost: 10_000, hours: [3, 2] });
  const [makerId, other] = makerIds;
  const sold = checkoutOf('blanja', [{ sku, quantity: 2, unitPrice: 200_000 }], { fees: 10_000 });
  const awaited = checkoutOf('toko-sandbox', [{ sku, quantity: 1, unitPrice: 50_000 }]);
  await send(completed(sold));
  await done('orders', 'checkouts', awaited);
  await untilOrder(sold, 'credited');

  const { channel, orderRef } = sold;
  const kept = { fee: 12_000, shipping: 0, withheldTax: 0, paidOut: 388_000, revenue: 400_000, settles: 'all' };
  const paid = { ...kept, settledAt: '2026-01-12T10:00:00+07:00', bank: 'bri' };
  await done('payments', 'settlements', { channel, orderRef, settlementRef: 'S1', ...paid });
  await until(
    () => request<{ available: number }>('ledger', `owners/maker:${makerId}`),
    ({ body }) => body.available > 0,
  );
  const proposal = { facilityId, bank: 'bri', upTo: '2026-01-31', by };
  const { payoutId } = await done<{ payoutId: string }>('ledger', 'payouts', proposal);
  await done('ledger', `payouts/${payoutId}/review`, { by: 'reviewer' });
  await done('ledger', `payouts/${payoutId}/approval`, { by: 'approver' });
  await until(
    () => read<{ items: object[] }>('payments', 'disbursements'),
    ({ items }) => items.length > 0,
  );
  await done('orders', `orders/${channel}/${orderRef}/refunds`, { lineRef: '1', refundRef: 'R1', quantity: 1 });
  await done('catalogue', 'returns', {
    ...{ channel, orderRef, lineRef: '1', lotId, quantity: 1, disposition: 'restock' },
    at: facilityId,
  });

  await done('orders', 'channels', { channelId: 'pasar', name: 'Pasar', kind: 'generic', by });
  await done('orders', 'channels/pasar/listings', { version: 1, listings: [{ channelSku: 'X1', sku }], by });

  const draft = { facilityId, occurredAt, reason, by };
  await done('ledger', 'deposits', { facilityId, bank: 'bri', amount: 1_000, billingCode: '820260105123456', by });
  await done('ledger', 'maker-events/freezes', { ...draft, makerId: other, because: 'death' });
  const entries = [
    { account: `bank:bri@${facilityId}`, amount: -500 },
    { account: `facility:${facilityId}:earnings`, amount: 500 },
  ];
  await done('ledger', 'adjustments', { ...draft, type: 'adjustment', entries });
  const definition = { ...id1990, id: 'FUZZ', source: 'a draft' };
  const scope = { level: 'facility', id: facilityId };
  await done('ledger', 'agreements', { by, scope, effectiveFrom: '2030-01-01T00:00:00+07:00', definition });
  await done('ledger', 'periods/2026-01/close', { by, reason });

  const cells: Partial<Record<(typeof columns)[number], string>> = { channel, order_ref: 'I-1' };
  await done('orders', `imports/${randomUUID()}/rows`, {
    firstRow: 1,
    rows: [columns.map((column) => cells[column] ?? '')],
  });
  await sendGarbage();
  return examples;
}

/** A message in every topic that no service can read. */
async function sendGarbage(): Promise<void> {
  const publisher = new KafkaBroker('fuzz', configuredKafka(kafka().administrator)).publisher();
  await publisher.publish(
    Object.values(topics).map((each) => ({
      topic: topicOf(each, 'blanja').name,
      key: 'garbage',
      headers: {},
      value: '{',
    })),
  );
  await publisher.close();
  for (const service of SERVICES) {
    await until(
      () => read<{ items: object[] }>(service, 'dead-letters'),
      ({ items }) => items.length > 0,
    );
  }
}
