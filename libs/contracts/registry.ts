import { contributionsRecorded, facilityDescribed, stockAwaited, stockRejected, stockReserved } from './catalogue.ts';
import {
  checkoutCancelled,
  checkoutCompleted,
  checkoutDelivered,
  checkoutDisputeClosed,
  checkoutDisputed,
  checkoutRefunded,
  checkoutShipped,
} from './checkout.ts';
import type { EventDefinition } from './event.ts';
import {
  custodyEnded,
  decisionChanged,
  journalPosted,
  payoutApproved,
  refundPosted,
  saleCredited,
  saleHeld,
} from './ledger.ts';
import {
  chargeBorne,
  chargeCleared,
  goodsListed,
  moneyCleared,
  moneyHeld,
  orderCancelled,
  orderPaid,
  orderPlaced,
  refundRequested,
  saleFrozen,
  salePaid,
  saleRefunded,
  saleSettled,
  saleThawed,
  unitsCancelled,
  unitsReleased,
} from './orders.ts';
import { outcomeTold } from './outcome.ts';
import {
  channelCharged,
  disbursementFailed,
  disbursementPaid,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  payoutSent,
  settlementConfirmed,
  walletWithdrawn,
} from './payments.ts';

/** Every event that crosses a service. */
export const eventDefinitions = [
  checkoutCompleted,
  checkoutRefunded,
  checkoutCancelled,
  checkoutShipped,
  checkoutDelivered,
  checkoutDisputed,
  checkoutDisputeClosed,
  outcomeTold,
  orderPlaced,
  goodsListed,
  orderPaid,
  orderCancelled,
  unitsCancelled,
  unitsReleased,
  refundRequested,
  moneyHeld,
  moneyCleared,
  salePaid,
  saleRefunded,
  saleSettled,
  saleFrozen,
  saleThawed,
  chargeBorne,
  chargeCleared,
  contributionsRecorded,
  facilityDescribed,
  stockReserved,
  stockRejected,
  stockAwaited,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  settlementConfirmed,
  channelCharged,
  walletWithdrawn,
  payoutSent,
  disbursementPaid,
  disbursementFailed,
  saleCredited,
  saleHeld,
  refundPosted,
  payoutApproved,
  journalPosted,
  decisionChanged,
  custodyEnded,
] as EventDefinition[];

const byType = new Map(eventDefinitions.map((definition) => [definition.type, definition]));

export function eventDefinition(type: string): EventDefinition | undefined {
  return byType.get(type);
}
