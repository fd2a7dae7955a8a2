import { canonical, type OutcomeTold, type RefusalCode } from '#libs/contracts';
import type { Dispute, OrderState, Refund } from './order-process.ts';
import { statusForPeople } from './order-status.ts';

/** What the marketplace of an order is told of it, beside which order it is and the number of the telling. */
export type Told = Omit<OutcomeTold, 'orderId' | 'channel' | 'orderRef' | 'number' | 'refused'>;

/** Between these and the next there is nothing that anybody has to do, as a rule for less than a second. */
const ON_THE_WAY: readonly Told['status'][] = ['awaited', 'unpaid', 'crediting'];
const DECIDED = ['refunds', 'settlements', 'disputes', 'fulfilments'] as const;

/**
 * What of an order's change its marketplace has to know: another status that lasts, the end of a refund or settlement,
 * what became of a dispute, or how far its units have come.
 * Undefined: nothing.
 */
export function newsOf(before: OrderState, after: OrderState): Told | undefined {
  const [then, now] = [toldOf(before), toldOf(after)];
  const decided = ({ refunds, settlements, disputes, lines }: Told) =>
    canonical({ refunds, settlements, disputes, lines });
  const status = ({ status, reason, detail }: Told) => canonical({ status, reason, detail });
  const isSame = DECIDED.every((part) => before[part] === after[part]); // as it mostly is: to compare costs more
  const isNews =
    (!ON_THE_WAY.includes(now.status) && status(then) !== status(now)) || (!isSame && decided(then) !== decided(now));
  return isNews ? now : undefined;
}

export function toldOf(state: OrderState): Told {
  return {
    status: statusForPeople(state),
    ...reasonOf(state),
    refunds: state.refunds.flatMap((refund) => {
      const { refundRef, lineRef, quantity, status, amount, reason } = refund;
      if (!isDecided(refund)) return [];
      return {
        ...{ refundRef, lineRef, quantity, status: status === 'rejected' ? 'rejected' : 'refunded' },
        ...(amount !== undefined && { amount }),
        ...(reason !== undefined && { reason: reason satisfies RefusalCode }),
      };
    }),
    settlements: state.settlements.flatMap(({ settlementId, status }) =>
      status === 'settled' || status === 'rejected' ? { settlementId, status } : [],
    ),
    ...disputesOf(state),
    ...(state.fulfilments && { lines: [...state.fulfilments] }),
  };
}

/** One that waits for its checkout is not taken yet. */
function disputesOf({ status: of, disputes }: OrderState): Pick<Told, 'disputes'> {
  const taken = disputes?.filter(({ status }) => of !== 'awaited' || status !== 'open') ?? [];
  return taken.length === 0 ? {} : { disputes: taken.map(toldOfDispute) };
}

function toldOfDispute({ disputeRef, lineRef, quantity, status, reason }: Dispute) {
  const why = reason !== undefined && { reason: reason satisfies RefusalCode };
  return { disputeRef, lineRef, quantity, status, ...why };
}

export const DETAIL_CHARACTERS_MAX = 2_000;

/** Why it was rejected or cancelled, or what it waits for. */
function reasonOf(state: OrderState): Pick<Told, 'reason' | 'detail'> {
  if (state.status === 'paid') return state.withoutAgreement ? { reason: 'no-agreement' satisfies RefusalCode } : {};
  if (!('reason' in state) || state.reason === undefined) return {};
  const { reason, detail = '' } = state;
  return { reason: reason satisfies RefusalCode, detail: detail.slice(0, DETAIL_CHARACTERS_MAX) };
}

function isDecided({ status }: Refund): boolean {
  return status === 'posted' || status === 'unsold' || status === 'rejected';
}
