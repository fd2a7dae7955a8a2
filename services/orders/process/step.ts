import type { Event } from '#libs/contracts';
import { type IncomingMessage, isCredited, type OrderState } from './order-process.ts';
import { statusForPeople } from './order-status.ts';

/** What made an order change and who: the channel that sent it, or the person who asked. */
export type Origin = Pick<Event, 'correlationId' | 'traceparent'> &
  Partial<Pick<Event, 'id' | 'time' | 'sender'>> & { readonly person?: string };

/** One message that changed an order. */
export interface Step {
  readonly orderId: string;
  readonly message: IncomingMessage['type'];
  readonly origin: Origin;
  /** Empty: it came before its time, and was kept. */
  readonly changes: readonly Change[];
}

export const CHANGING = ['order', 'reason', 'goods', 'payment', 'sale', 'refund', 'settlement', 'dispute'] as const;

/** A word about a part of an order that is another than before. */
export interface Change {
  readonly of: (typeof CHANGING)[number];
  /** Of a sale its facility, of a refund, settlement or dispute its id. */
  readonly id?: string;
  /** Absent: there was none. */
  readonly before?: string;
  readonly after: string;
}

/** What a message changed; undefined: nothing that anybody would ask for. */
export function changesOf(before: OrderState, after: OrderState): Change[] | undefined {
  const then = wordsOf(before);
  const changes = [...wordsOf(after)].flatMap(([key, word]): Change[] => {
    const was = then.get(key);
    if (was?.after === word.after) return [];
    return [{ ...word, ...(was && { before: was.after }) }];
  });
  const isKept = (after.early?.length ?? 0) > (before.early?.length ?? 0);
  return changes.length > 0 || isKept ? changes : undefined;
}

/** An order in words, one for each of its parts. */
function wordsOf(state: OrderState): Map<string, Omit<Change, 'before'>> {
  const words: Omit<Change, 'before'>[] = [{ of: 'order', after: statusForPeople(state) }];
  const { status } = state;
  if (status === 'rejected' || status === 'cancelled') words.push({ of: 'reason', after: state.reason });
  if (status === 'placed') {
    words.push({ of: 'goods', after: state.reserved ? 'reserved' : (state.reason ?? 'asked') });
    words.push({ of: 'payment', after: state.captured ? 'captured' : 'asked' });
  }
  if ('facilities' in state) {
    words.push({ of: 'goods', after: 'reserved' }, { of: 'payment', after: 'captured' });
    for (const id of state.facilities) words.push({ of: 'sale', id, after: ofSale(state, id) });
  }
  for (const { refundId: id, status: after } of state.refunds) words.push({ of: 'refund', id, after });
  for (const { settlementId: id, status: after } of state.settlements) words.push({ of: 'settlement', id, after });
  for (const { disputeId: id, status: after } of state.disputes ?? []) words.push({ of: 'dispute', id, after });
  return new Map(words.map((word) => [`${word.of} ${word.id ?? ''}`, word]));
}

function ofSale(state: OrderState, facilityId: string): 'credited' | 'held' | 'paid' {
  if (isCredited(state, facilityId)) return 'credited';
  return state.status === 'paid' && state.withoutAgreement?.includes(facilityId) ? 'held' : 'paid';
}
