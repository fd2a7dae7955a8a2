/** What a program needs that only sends events: a marketplace, the demo, a benchmark. No Nest in it. */
export type { Message } from '../broker.ts';
export { toMessage } from '../cloud-events.ts';
export { newEvent, newId } from '../event.ts';
export { existingTopics, grantAccess, makeFirstUser, type Principal } from './access.ts';
export { configuredKafka, type KafkaAddress } from './address.ts';
export { connectKafka } from './client.ts';
export { KafkaBroker } from './kafka-broker.ts';
export { type Resumed, resume } from './positions.ts';
export { eventsSince } from './since.ts';
