import { stockRejected, stockReserved } from './catalogue.ts';
import { checkoutCompleted, checkoutRefunded } from './checkout.ts';
import type { EventDefinition } from './event.ts';
import { refundPosted, saleCredited } from './ledger.ts';
import { orderCancelled, orderPaid, orderPlaced, refundRequested, salePaid, saleRefunded } from './orders.ts';
import { paymentCaptured, paymentFailed, paymentRefunded } from './payments.ts';

/** Every event that crosses a service. */
export const eventDefinitions = [
  checkoutCompleted,
  checkoutRefunded,
  orderPlaced,
  orderPaid,
  orderCancelled,
  refundRequested,
  salePaid,
  saleRefunded,
  stockReserved,
  stockRejected,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  saleCredited,
  refundPosted,
] as EventDefinition[];

const byType = new Map(eventDefinitions.map((definition) => [definition.type, definition]));

export function eventDefinition(type: string): EventDefinition | undefined {
  return byType.get(type);
}
