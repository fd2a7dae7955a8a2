import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DataOf, paymentCaptured, paymentFailed, paymentRefunded } from '#libs/contracts';
import { type Fact, type Payment, type PaymentMessage, transition } from './payment.ts';

const at = '2026-01-05T03:00:00.000Z';
const later = '2026-01-06T03:00:00.000Z';
const checkout = { orderId: 'blanja/1', amount: 100, correlationId: 'checkout' };

const pending: Payment = {
  ...checkout,
  method: 'gateway',
  status: 'pending',
  captured: 0,
  refunded: 0,
  placedAt: at,
  refunds: [],
};
const captured: Payment = { ...pending, status: 'captured', captured: 100, capturedAt: at };
const failed: Payment = { ...pending, status: 'failed' };
const expired: Payment = { ...pending, status: 'expired' };
const voided: Payment = { ...pending, status: 'voided' };
const returned = (payment: Payment): Payment => ({ ...payment, captured: 100, refunded: 100, capturedAt: at });

const refundOf = (refundId: string, amount: number) => ({ refundId, amount, correlationId: `refund ${refundId}` });
const asked: Payment = { ...captured, refunds: [{ ...refundOf('r1', 30), status: 'pending' }] };
const refunded: Payment = { ...captured, refunded: 30, refunds: [{ ...refundOf('r1', 30), status: 'refunded' }] };
const escrow = (payment: Payment): Payment => ({ ...payment, method: 'escrow' });

const placed = (method: Payment['method'], amount = 100): PaymentMessage => ({
  type: 'order-placed',
  ...checkout,
  method,
  amount,
  at,
});
const cancelled: PaymentMessage = { type: 'order-cancelled', at };
const refund = (refundId: string, amount: number): PaymentMessage => ({
  type: 'refund-requested',
  ...refundOf(refundId, amount),
  at,
});
const [capture, fail, expire, gatewayRefund] = (['capture', 'fail', 'expire', 'refund'] as const).map(
  (type): PaymentMessage => ({ type, at }),
) as [PaymentMessage, PaymentMessage, PaymentMessage, PaymentMessage];

/** Facts in short: `captured 100`, `failed declined`, `returned 100`, `refunded r1 30`. */
function short({ definition, data }: Fact): string {
  if (definition === paymentCaptured) return `captured ${(data as DataOf<typeof paymentCaptured>).amount}`;
  if (definition === paymentFailed) return `failed ${(data as DataOf<typeof paymentFailed>).reason}`;
  const { refundId, amount } = data as DataOf<typeof paymentRefunded>;
  return refundId ? `refunded ${refundId} ${amount}` : `returned ${amount}`;
}

describe('transition', () => {
  const same = (name: string, state: Payment, message: PaymentMessage) => [name, state, message, state, []] as const;

  it.each<readonly [string, Payment | undefined, PaymentMessage, Payment, readonly string[]]>([
    ['escrow is captured by the checkout', undefined, placed('escrow'), escrow(captured), ['captured 100']],
    ['a gateway payment waits', undefined, placed('gateway'), pending, []],
    [
      'nothing to pay is paid',
      undefined,
      placed('gateway', 0),
      { ...captured, amount: 0, captured: 0 },
      ['captured 0'],
    ],
    same('an order placed twice is paid once', captured, placed('gateway')),

    ['captured', pending, capture, captured, ['captured 100']],
    same('captured twice', captured, capture),
    ['declined', pending, fail, failed, ['failed declined']],
    same('declined twice', failed, fail),
    same('declined after it expired', expired, fail),
    same('declined after the order was cancelled', voided, fail),
    ['expired', pending, expire, expired, ['failed expired']],
    same('expired twice', expired, expire),
    same('expired after it was declined', failed, expire),
    same('expired after the order was cancelled', voided, expire),

    ['a capture after decline goes back', failed, capture, returned(failed), ['returned 100']],
    ['a capture after expiry goes back', expired, capture, returned(expired), ['returned 100']],
    ['a capture after cancellation goes back', voided, capture, returned(voided), ['returned 100']],
    same('a late capture goes back once', returned(failed), capture),

    ['cancelled before it is paid', pending, cancelled, voided, []],
    ['cancelled when it is paid', captured, cancelled, returned(voided), ['returned 100']],
    ['cancelled when escrow has it', escrow(captured), cancelled, escrow({ ...captured, status: 'voided' }), []],
    same('cancelled twice', returned(voided), cancelled),
    same('cancelled because it failed', failed, cancelled),
    same('cancelled because it expired', expired, cancelled),
    ['cancelled beside a refund', asked, cancelled, { ...asked, status: 'voided', refunded: 70 }, ['returned 70']],

    ['escrow refunds at once', escrow(captured), refund('r1', 30), escrow(refunded), ['refunded r1 30']],
    ['a gateway refund waits', captured, refund('r1', 30), asked, []],
    same('a refund asked for twice', asked, refund('r1', 30)),
    ['a refund of what we forgot is captured', pending, refund('r1', 30), asked, ['captured 100']],
    same('a refund asked for after it went out', refunded, refund('r1', 30)),
    ['the gateway refunds', asked, gatewayRefund, refunded, ['refunded r1 30']],
    same('the gateway refunds twice', refunded, gatewayRefund),
    [
      'the gateway refunds all that wait',
      { ...asked, refunds: [...asked.refunds, { ...refundOf('r2', 70), status: 'pending' }] },
      gatewayRefund,
      { ...refunded, refunded: 100, refunds: [...refunded.refunds, { ...refundOf('r2', 70), status: 'refunded' }] },
      ['refunded r1 30', 'refunded r2 70'],
    ],
  ])('%s', (_, state, message, next, facts) => {
    const outcome = transition(state, message);
    expect(outcome).toEqual({ payment: next, facts: expect.any(Array) });
    expect('facts' in outcome && outcome.facts.map(short)).toEqual(facts);
  });

  it.each<readonly [string, Payment | undefined, PaymentMessage, RegExp]>([
    ['a notice about an unknown order', undefined, capture, /no payment/],
    ['a cancellation of an unknown order', undefined, cancelled, /no payment/],
    ['a notice about escrow', escrow(captured), capture, /escrow/],
    ['a decline after the capture', captured, fail, /captured already/],
    ['an expiry after the capture', captured, expire, /captured already/],
    ['a gateway refund that nobody asked for', captured, gatewayRefund, /no refund/],
    ['a refund after cancellation', returned(voided), refund('r1', 30), /voided/],
    ['a refund beyond what is left', asked, refund('r2', 71), /71 rupiah exceed the 70/],
  ])('refuses %s', (_, state, message, reason) => {
    expect(transition(state, message)).toEqual({ refused: expect.stringMatching(reason) });
  });

  it('says what belongs to a refund under the correlation id of the refund', () => {
    const outcome = transition(asked, { type: 'refund', at: later });
    expect(outcome).toMatchObject({ facts: [{ correlationId: 'refund r1', data: { refundedAt: later } }] });
  });

  describe('over any messages, in any order and number', () => {
    const anyMessage = fc.oneof(
      fc.constantFrom<PaymentMessage>(cancelled, capture, fail, expire, gatewayRefund),
      fc
        .record({ id: fc.constantFrom('r1', 'r2', 'r3'), amount: fc.nat(100) })
        .map(({ id, amount }) => refund(id, amount)),
    );
    const anyStory = fc.tuple(
      fc.constantFrom<Payment['method']>('escrow', 'gateway'),
      fc.constantFrom(0, 1, 100, Number.MAX_SAFE_INTEGER),
      fc.array(anyMessage, { maxLength: 12 }),
    );

    /** State and facts after every step of a story. */
    function* told(first: PaymentMessage, story: PaymentMessage[]): Generator<{ payment: Payment; facts: Fact[] }> {
      let payment: Payment | undefined;
      const facts: Fact[] = [];
      for (const message of [first, ...story]) {
        const outcome = transition(payment, message);
        if ('refused' in outcome) continue;
        facts.push(...outcome.facts);
        payment = outcome.payment;
        yield { payment, facts };
      }
    }

    it('never gives back more than came in, and the facts tell every rupiah that moved', () => {
      fc.assert(
        fc.property(anyStory, ([method, amount, story]) => {
          for (const { payment, facts } of told(placed(method, amount), story)) {
            const waiting = payment.refunds.reduce(
              (sum, refund) => sum + (refund.status === 'pending' ? refund.amount : 0),
              0,
            );
            expect([0, amount]).toContain(payment.captured);
            expect(payment.refunded).toBeGreaterThanOrEqual(0);
            expect(payment.refunded + waiting).toBeLessThanOrEqual(payment.captured);
            const wentBack = facts
              .filter(({ definition }) => definition === paymentRefunded)
              .reduce((sum, { data }) => sum + (data as DataOf<typeof paymentRefunded>).amount, 0);
            expect(wentBack).toBe(payment.refunded);
            if (payment.method === 'gateway' && payment.status !== 'pending' && payment.status !== 'captured')
              expect(payment.refunded + waiting).toBe(payment.captured);
          }
        }),
      );
    });

    it('tells the order once that the money came or will not come', () => {
      fc.assert(
        fc.property(anyStory, ([method, amount, story]) => {
          for (const { payment, facts } of told(placed(method, amount), story)) {
            const verdicts = facts.filter(({ definition }) => definition !== paymentRefunded).map(short);
            expect(verdicts.length).toBeLessThanOrEqual(1);
            if (payment.status === 'captured') expect(verdicts).toEqual([`captured ${amount}`]);
          }
        }),
      );
    });

    it('hears a message twice as once', () => {
      fc.assert(
        fc.property(anyStory, ([method, amount, story]) => {
          const messages = [placed(method, amount), ...story];
          const once = [...told(messages[0] as PaymentMessage, messages.slice(1))].at(-1);
          const twice = messages.flatMap((message) => [message, message]);
          expect([...told(twice[0] as PaymentMessage, twice.slice(1))].at(-1)).toEqual(once);
        }),
      );
    });
  });
});
