import { v5, validate } from 'uuid';
import { type Event, type EventDefinition, eventDefinition, retiredEvent, type Violation } from '#libs/contracts';
import type { Message } from './message.ts';

/** A message that no repetition will make readable. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** Namespace of the ids that we derive for events whose source does not use UUIDs. */
const FOREIGN_IDS = '6f2d1f0e-4c0b-5b7e-9d53-0d2f7a5b8c11';

const CONTENT_TYPE = 'application/json';

/** Event to message: CloudEvents 1.0, Kafka binary mode. Throws if the data breaks its schema: that is our own bug. */
export function toMessage(event: Event): Message {
  const definition = eventDefinition(event.type);
  if (!definition) throw new TypeError(`${event.type} is not in the registry of events`);
  const violations = definition.violations(event.data);
  if (violations.length > 0) throw new TypeError(`${event.type} breaks its schema: ${describe(violations)}`);
  return {
    topic: definition.topic.name,
    key: event.key,
    headers: {
      'content-type': CONTENT_TYPE,
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: event.source,
      ce_time: event.time,
      ce_subject: event.key,
      ce_dataschema: `#${event.type}`,
      ce_partitionkey: event.key,
      ce_correlationid: event.correlationId,
      ...(event.causationId && { ce_causationid: event.causationId }),
      ...(event.traceparent && { ce_traceparent: event.traceparent }),
    },
    value: JSON.stringify(event.data),
  };
}

/**
 * Message to event, checked against the schema of its type; one of a retired type becomes one of today's.
 * Throws UnreadableMessage with what is wrong.
 */
export function toEvent(message: Message): Event {
  const type = typeOf(message);
  const definition = type && eventDefinition(type);
  if (!definition) throw new UnreadableMessage(`unknown event type ${type ?? '(no ce_type header)'}`);
  const { ce_id: id, ce_source: source = '' } = message.headers;
  if (!id) throw new UnreadableMessage(`${type} has no ce_id header`);
  const eventId = validate(id) ? id.toLowerCase() : v5(`${source}|${id}`, FOREIGN_IDS);
  const correlationId = message.headers.ce_correlationid;
  return {
    id: eventId,
    type,
    source,
    time: message.headers.ce_time ?? new Date().toISOString(),
    key: message.key ?? '',
    correlationId: correlationId && validate(correlationId) ? correlationId : eventId,
    ...(message.headers.ce_causationid && {
      causationId: message.headers.ce_causationid,
    }),
    ...(message.headers.ce_traceparent && {
      traceparent: message.headers.ce_traceparent,
    }),
    data: dataOf(message, definition),
  };
}

/** Today's name of the message's type. */
export function typeOf({ headers: { ce_type: type } }: Message): string | undefined {
  return type && (retiredEvent(type)?.into.type ?? type);
}

function dataOf(message: Message, definition: EventDefinition): unknown {
  const retired = retiredEvent(message.headers.ce_type ?? '');
  const written = parsed(message, retired ?? definition);
  if (!retired) return written;
  const data = retired.upcast(written);
  refuse(definition.type, definition.violations(data));
  return data;
}

function parsed({ value }: Message, { type, violations }: Pick<EventDefinition, 'type' | 'violations'>): unknown {
  let data: unknown;
  try {
    data = JSON.parse(value);
  } catch (error) {
    throw new UnreadableMessage(`${type} is not JSON: ${(error as Error).message}`);
  }
  refuse(type, violations(data));
  return data;
}

function refuse(type: string, violations: Violation[]): void {
  if (violations.length > 0) throw new UnreadableMessage(`${type} breaks its schema: ${describe(violations)}`);
}

function describe(violations: Violation[]): string {
  return violations.map(({ field, message }) => `${field || 'data'} ${message}`).join('; ');
}
