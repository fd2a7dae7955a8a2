import type { Event } from '#libs/contracts';

/** Events that are handed to their handler in one call. */
export interface Delivery<Handler> {
  readonly handler: Handler;
  readonly events: Event[];
}

/**
 * Groups a partition's events into few calls, one handler each, such that events of one key keep their order.
 *
 * An event joins the first group of its handler that is not before the last group holding its key. So a batch in which
 * types alternate over many keys still becomes a few large calls.
 */
export function deliveriesOf<Handler>(
  events: readonly Event[],
  handlerOf: (type: string) => Handler,
): Delivery<Handler>[] {
  const deliveries: Delivery<Handler>[] = [];
  const lastGroupOfKey = new Map<string, number>();
  for (const event of events) {
    const handler = handlerOf(event.type);
    let group = lastGroupOfKey.get(event.key) ?? 0;
    while (group < deliveries.length && deliveries[group]?.handler !== handler) group += 1;
    const delivery = deliveries[group];
    if (delivery) delivery.events.push(event);
    else deliveries.push({ handler, events: [event] });
    lastGroupOfKey.set(event.key, group);
  }
  return deliveries;
}
