import type { ReservedLine } from '../orders/order.ts';
import type { OrderState } from '../process/order-process.ts';
import type { Change } from '../process/step.ts';
import type { StepView } from './timeline.dto.ts';

/** What its marketplace may know: neither facilities nor who of us did something. */
export function seenByChannel(steps: readonly StepView[]): StepView[] {
  return seen(
    steps.map(({ person: _, ...step }) => step),
    ({ of }) => of !== 'sale',
  );
}

/** What concerns the sales of these facilities. */
export function seenByFacilities(
  steps: readonly StepView[],
  facilities: readonly string[],
  { refunds, settlements, disputes = [] }: OrderState,
  reserved: readonly ReservedLine[],
): StepView[] {
  const lines = new Set(
    reserved.filter(({ facilityId }) => facilities.includes(facilityId)).map(({ lineRef }) => lineRef),
  );
  const own = new Set([
    ...facilities,
    ...refunds.filter(({ lineRef }) => lines.has(lineRef)).map(({ refundId }) => refundId),
    ...disputes.filter(({ lineRef }) => lines.has(lineRef)).map(({ disputeId }) => disputeId),
    ...settlements
      .filter(({ facilityId }) => facilityId === undefined || facilities.includes(facilityId))
      .map(({ settlementId }) => settlementId),
  ]);
  return seen(steps, ({ id }) => id === undefined || own.has(id));
}

/** Steps of which something is seen. */
function seen(steps: readonly StepView[], isSeen: (change: Change) => boolean): StepView[] {
  return steps
    .map((step) => ({ ...step, changes: step.changes.filter(isSeen) }))
    .filter(({ changes }) => changes.length > 0);
}
