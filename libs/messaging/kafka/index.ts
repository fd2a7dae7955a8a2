/** What a program needs that only sends events: a marketplace, the demo, a benchmark. No Nest in it. */
export { toMessage } from '../cloud-events.ts';
export { newEvent, newId } from '../event.ts';
export { connectKafka } from './client.ts';
export { KafkaBroker } from './kafka-broker.ts';
