import { expect, it } from '@jest/globals';
import type { Dispute, OrderState, Refund } from './order-process.ts';
import { ORDER_STATUSES, type StatusForPeople, statusForPeople } from './order-status.ts';

const refund = (status: Refund['status']): Refund => ({
  ...{ refundId: 'o/1#r', lineRef: '1', refundRef: 'r', quantity: 1 },
  ...{ requestedAt: '2026-01-01T00:00:00.000Z', correlationId: 'c', status },
});
const dispute = (status: Dispute['status']): Dispute => ({
  ...{ disputeId: `o/1#${status}`, lineRef: '1', disputeRef: status, quantity: 1, correlationId: 'c', status },
});
const nothing = { refunds: [], settlements: [] };
const sold = { units: 2, facilities: ['F1', 'F2'], ...nothing };
const far = (shipped: number, delivered: number) => ({ lineRef: '1', shipped, delivered });
const settled = (facilityId?: string) => ({
  settlementId: `o~${facilityId}`,
  status: 'settled' as const,
  ...(facilityId !== undefined && { facilityId }),
});

const cases: readonly (readonly [OrderState, StatusForPeople])[] = [
  [{ status: 'awaited', ...nothing }, 'awaited'],
  [{ status: 'rejected', reason: 'invalid', detail: '', ...nothing }, 'rejected'],
  [{ status: 'placed', units: 2, captured: false, ...nothing }, 'unpaid'],
  [{ status: 'placed', units: 2, captured: true, ...nothing }, 'crediting'],
  [{ status: 'placed', units: 2, captured: true, held: true, reason: 'unknown-sku', ...nothing }, 'awaiting-goods'],
  [{ status: 'cancelled', reason: 'payment-failed', detail: '', ...nothing }, 'cancelled'],
  [{ status: 'paid', uncredited: ['F2'], ...sold }, 'crediting'],
  [{ status: 'paid', uncredited: ['F2'], withoutAgreement: ['F2'], ...sold }, 'awaiting-agreement'],
  [{ status: 'credited', ...sold }, 'credited'],
  [{ status: 'credited', ...sold, refunds: [refund('requested')] }, 'credited'],
  [{ status: 'credited', ...sold, refunds: [refund('returned')] }, 'credited'],
  [{ status: 'credited', ...sold, refunds: [refund('posted')] }, 'partly-refunded'],
  [{ status: 'credited', ...sold, refunds: [refund('unsold')] }, 'partly-refunded'],
  [{ status: 'credited', ...sold, settlements: [settled('F1')] }, 'credited'],
  [{ status: 'credited', ...sold, settlements: [settled('F1'), settled('F2')] }, 'settled'],
  [{ status: 'credited', ...sold, settlements: [settled()] }, 'settled'],
  [{ status: 'paid', uncredited: ['F2'], ...sold, fulfilments: [far(2, 2)] }, 'crediting'],
  [{ status: 'credited', ...sold, fulfilments: [far(1, 0)] }, 'credited'],
  [{ status: 'credited', ...sold, fulfilments: [far(2, 1)] }, 'shipped'],
  [{ status: 'credited', ...sold, fulfilments: [far(1, 1), { ...far(1, 1), lineRef: '2' }] }, 'delivered'],
  [{ status: 'credited', ...sold, fulfilments: [far(2, 2)], settlements: [settled()] }, 'settled'],
  [{ status: 'credited', ...sold, fulfilments: [far(2, 2)], refunds: [refund('posted')] }, 'partly-refunded'],
  [{ status: 'awaited', ...nothing, disputes: [dispute('open')] }, 'awaited'],
  [{ status: 'placed', units: 2, captured: true, ...nothing, disputes: [dispute('open')] }, 'disputed'],
  [{ status: 'paid', uncredited: ['F2'], withoutAgreement: ['F2'], ...sold, disputes: [dispute('open')] }, 'disputed'],
  [{ status: 'credited', ...sold, settlements: [settled()], disputes: [dispute('open')] }, 'disputed'],
  [{ status: 'credited', ...sold, disputes: [dispute('seller'), dispute('open')] }, 'disputed'],
  [{ status: 'credited', ...sold, settlements: [settled()], disputes: [dispute('seller')] }, 'settled'],
  [{ status: 'credited', ...sold, refunds: [refund('posted')], disputes: [dispute('buyer')] }, 'partly-refunded'],
  [{ status: 'refunded', ...sold, refunds: [refund('posted')], disputes: [dispute('open')] }, 'disputed'],
  [
    { status: 'cancelled', reason: 'payment-failed', detail: '', ...nothing, disputes: [dispute('rejected')] },
    'cancelled',
  ],
  [{ status: 'refunded', ...sold, refunds: [refund('posted')], settlements: [settled()] }, 'refunded'],
];

it.each(cases)('%j is %s', (state, status) => {
  expect(statusForPeople(state)).toBe(status);
  expect(ORDER_STATUSES[status]).toMatchObject({ en: expect.any(String), id: expect.any(String) });
});
