import type { Event } from '#libs/contracts';

/** Events that are handed to their handler in one call. */
export interface Delivery<Handler> {
  readonly handler: Handler;
  readonly events: Event[];
}

/**
 * Groups a batch's events into few calls, one handler each, such that events of one key keep their order.
 *
 * The calls go round the handlers in one fixed order, whatever came first, so that two instances take their locks in the
 * same order. An event joins the first call of its handler that is not before the last one that holds its key.
 */
export function deliveriesOf<Handler>(
  events: readonly Event[],
  handlerOf: (type: string) => Handler,
  handlers: readonly Handler[],
): Delivery<Handler>[] {
  const calls = new Map<number, Delivery<Handler>>();
  const lastCallOfKey = new Map<string, number>();
  for (const event of events) {
    const handler = handlerOf(event.type);
    const last = lastCallOfKey.get(event.key) ?? 0;
    const ahead = (handlers.indexOf(handler) - last) % handlers.length;
    const call = last + (ahead < 0 ? ahead + handlers.length : ahead);
    const delivery = calls.get(call);
    if (delivery) delivery.events.push(event);
    else calls.set(call, { handler, events: [event] });
    lastCallOfKey.set(event.key, call);
  }
  return [...calls].sort(([one], [other]) => one - other).map(([, delivery]) => delivery);
}
