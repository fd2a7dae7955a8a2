import { createHash } from 'node:crypto';
import { v5, validate } from 'uuid';
import {
  canonical,
  type Event,
  type EventDefinition,
  eventDefinition,
  isPerChannel,
  retiredEvent,
  topicNamed,
  topicOf,
  type Violation,
} from '#libs/contracts';
import type { Message, ReceivedMessage } from './broker.ts';
import { type Envelope, envelopeOf, printable, UnreadableMessage } from './envelope.ts';
import { OUR_SOURCES } from './event.ts';

const CONTENT_TYPE = 'application/json';

/** Event to message: CloudEvents 1.0, Kafka binary mode. Throws if the data breaks its schema: that is our own bug. */
export function toMessage(event: Event): Message {
  const definition = eventDefinition(event.type);
  if (!definition) throw new TypeError(`${event.type} is not in the registry of events`);
  const violations = definition.violations(event.data);
  if (violations.length > 0) throw new TypeError(`${event.type} breaks its schema: ${describe(violations)}`);
  return {
    topic: topicNameOf(event, definition),
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

function topicNameOf({ data }: Event, { topic }: EventDefinition): string {
  return isPerChannel(topic) ? topicOf(topic, (data as { channel: string }).channel).name : topic.name;
}

/** What can be told of a message, readable or not, without believing it. */
export interface Identity {
  readonly type?: string;
  /** What a repetition of the message has too. Absent: it names no id of its own, so nothing is a repetition of it. */
  readonly eventId?: string;
  /** Of a message from outside: what its sender says that it is. */
  readonly claim?: Claim;
  /** It says that one of our own services has sent it, where nobody else writes. */
  readonly isOurs?: true;
}

/** An id is its sender's word. That it means one event only is another. */
export interface Claim {
  readonly source: string;
  readonly id: string;
  /** The same for whatever the sender calls by this id on this topic. */
  readonly claimId: string;
  /** How the event was remembered before an id was judged by its content. Until no topic holds such an event any more. */
  readonly formerEventId?: string;
}

/** A message that is what it says it is. */
export interface Reading extends Identity {
  readonly message: ReceivedMessage;
  readonly event: Event;
}

/** Namespace of the ids that we derive for events of others. */
const FOREIGN_IDS = '6f2d1f0e-4c0b-5b7e-9d53-0d2f7a5b8c11';

/**
 * What a message says it is. Throws UnreadableMessage only if there is no CloudEvent in it at all.
 *
 * The id of an outside event is made of its topic, source and id and of what it says: so one that uses the id of another
 * again is judged by what it says, and only a repetition is a repetition.
 */
export function identityOf(message: ReceivedMessage, envelope: Envelope): Identity {
  const said = legible(() => envelope.attribute('type'));
  const source = legible(() => envelope.attribute('source')) ?? '';
  const place = topicNamed(message.topic);
  const isOutside = place?.topic.outside;
  const identity = {
    ...(said !== undefined && { type: retiredEvent(said)?.into.type ?? said }),
    ...(!isOutside && source.startsWith(OUR_SOURCES) && { isOurs: true as const }),
  };
  const id = legible(() => envelope.attribute('id'));
  if (!id) return identity;
  const plainEventId = validate(id) ? id.toLowerCase() : v5(`${source}|${id}`, FOREIGN_IDS);
  if (!isOutside) return { ...identity, eventId: plainEventId };
  const claimed = [message.topic, source, id];
  const claim = {
    ...{ source, id, claimId: v5(JSON.stringify(claimed), FOREIGN_IDS) },
    ...(place?.channel === undefined && { formerEventId: plainEventId }),
  };
  return { ...identity, claim, eventId: v5(JSON.stringify([...claimed, contentHash(envelope, said)]), FOREIGN_IDS) };
}

function contentHash(envelope: Envelope, type: string | undefined): string {
  const hash = createHash('sha256').update(JSON.stringify(type ?? null));
  const content = legible(() => canonical(envelope.data()));
  return hash.update(content ?? envelope.bytes).digest('hex');
}

/** Undefined: there is none, or none that can be read. */
function legible<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined; // also too deep for the stack
  }
}

/**
 * Message to event, checked: against the schema of its type, which is believed on its own topic and under its own key
 * only. One of a retired type becomes one of today's. What somebody outside says of its cause is not believed: it could
 * be put among the events of another's order. Throws UnreadableMessage with what is wrong.
 */
export function read(message: ReceivedMessage): Reading {
  const envelope = envelopeOf(message);
  return readingOf(message, envelope, identityOf(message, envelope));
}

/** The same, of a message that no broker has put under a key. */
export function readUnkeyed(message: Omit<ReceivedMessage, 'key'>): Reading {
  const envelope = envelopeOf({ ...message, key: null });
  const type = envelope.attribute('type') ?? '';
  const retired = retiredEvent(type);
  const definition = retired?.into ?? eventDefinition(type);
  const key = definition ? Buffer.from(definition.key(dataOf(envelope, retired, definition))) : null;
  const keyed = { ...message, key };
  return readingOf(keyed, envelope, identityOf(keyed, envelope));
}

export function readingOf(message: ReceivedMessage, envelope: Envelope, identity: Identity): Reading {
  const type = envelope.attribute('type');
  const retired = retiredEvent(type ?? '');
  const definition = retired?.into ?? eventDefinition(type ?? '');
  if (!definition) throw new UnreadableMessage(unknownType(type));
  const place = topicNamed(message.topic);
  if (place?.topic !== definition.topic) {
    throw new UnreadableMessage(`${type} is believed on ${definition.topic.name} only`);
  }
  const { eventId } = identity;
  if (!envelope.attribute('id') || !eventId) throw new UnreadableMessage(`${type} has no ce_id header`);
  const data = dataOf(envelope, retired, definition);
  const key = definition.key(data);
  if (!message.key?.equals(Buffer.from(key))) {
    throw new UnreadableMessage(`${type} is believed under its own key only (${definition.topic.key})`);
  }
  const attribute = (name: string, pattern: RegExp) => {
    const value = legible(() => envelope.attribute(name));
    return value !== undefined && pattern.test(value) ? value : undefined;
  };
  const ofOurs = (name: string, pattern: RegExp) => (place.topic.outside ? undefined : attribute(name, pattern));
  const causationId = ofOurs('causationid', UUID);
  const traceparent = ofOurs('traceparent', TRACEPARENT);
  const event: Event = {
    id: eventId,
    type: definition.type,
    source: envelope.attribute('source') ?? '',
    time: attribute('time', /./) ?? new Date(Number(message.timestamp)).toISOString(), // the same whenever it is read
    key,
    correlationId: ofOurs('correlationid', UUID) ?? eventId,
    ...(causationId && { causationId }),
    ...(traceparent && { traceparent }),
    ...(place.topic.outside && place.channel !== undefined && { sender: place.channel }),
    data,
  };
  return { ...identity, message, event };
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

function unknownType(type: string | undefined): string {
  return `unknown event type ${type === undefined ? '(no ce_type header)' : printable(type)}`;
}

function dataOf(
  envelope: Envelope,
  retired: ReturnType<typeof retiredEvent>,
  { type, violations }: EventDefinition,
): unknown {
  const written = said(envelope, retired?.type ?? type);
  refuse(retired?.type ?? type, (retired?.violations ?? violations)(written));
  if (!retired) return written;
  const data = retired.upcast(written);
  refuse(type, violations(data));
  return data;
}

function said(envelope: Envelope, type: string): unknown {
  try {
    return envelope.data();
  } catch (error) {
    throw error instanceof UnreadableMessage ? new UnreadableMessage(`${type} ${error.message}`) : error;
  }
}

function refuse(type: string, violations: Violation[]): void {
  if (violations.length > 0) throw new UnreadableMessage(`${type} breaks its schema: ${describe(violations)}`);
}

function describe(violations: Violation[]): string {
  return violations.map(({ field, message }) => `${field || 'data'} ${message.en}`).join('; ');
}
