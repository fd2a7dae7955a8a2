import type { Event } from '#libs/contracts';

/** Events of one type that are handed to its handler in one call. */
export interface Delivery {
  readonly type: string;
  readonly events: Event[];
}

/**
 * Groups a partition's events into few calls, one type each, such that events of one key keep their order.
 *
 * An event joins the first group of its type that is not before the last group holding its key. So a batch in which
 * types alternate over many keys still becomes a few large calls.
 */
export function deliveriesOf(events: readonly Event[]): Delivery[] {
  const deliveries: Delivery[] = [];
  const lastGroupOfKey = new Map<string, number>();
  for (const event of events) {
    let group = lastGroupOfKey.get(event.key) ?? 0;
    while (group < deliveries.length && deliveries[group]?.type !== event.type) group += 1;
    const delivery = deliveries[group];
    if (delivery) delivery.events.push(event);
    else deliveries.push({ type: event.type, events: [event] });
    lastGroupOfKey.set(event.key, group);
  }
  return deliveries;
}
