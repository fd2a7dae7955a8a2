import { hash } from 'node:crypto';
import { v7 } from 'uuid';
import type { DataOf, Event, EventDefinition } from '#libs/contracts';

/** What made us act: an event, or a request with a correlation id. */
export type Cause = Pick<Event, 'correlationId' | 'traceparent'> & Partial<Pick<Event, 'id' | 'time'>>;

/** UUIDv7: grows with time, so indexes grow at their end. */
export const newId: () => string = v7;

/** The same for the same text and instant, however often it is made. What is in the text cannot be told from it. */
export function idOf(text: string, instant: string): string {
  const msecs = Date.parse(instant);
  return v7({ random: hash('sha256', text, 'buffer'), msecs: Math.max(msecs, 0) });
}

/** What the source of every event of ours begins with. */
export const OUR_SOURCES = '/pasindo/';

/**
 * A new event of the same correlation as its cause, with a name for its source taken from its type. One that an event
 * caused gets its id in the outbox.
 */
export function newEvent<Data>(definition: EventDefinition<Data>, data: Data, cause: Cause): Event<Data> {
  return {
    id: newId(),
    type: definition.type,
    source: `${OUR_SOURCES}${definition.type.slice(0, definition.type.indexOf('.'))}`,
    time: new Date().toISOString(),
    key: definition.key(data),
    correlationId: cause.correlationId,
    ...(cause.id && { causationId: cause.id, ...(cause.time && { causedAt: cause.time }) }),
    ...(cause.traceparent && { traceparent: cause.traceparent }),
    data,
  };
}

/** Those of one type, in their order: for a handler of several types. */
export function eventsOf<Definition extends EventDefinition<never>>(
  { type }: Definition,
  events: readonly Event[],
): Event<DataOf<Definition>>[] {
  return events.filter((event): event is Event<DataOf<Definition>> => event.type === type);
}
