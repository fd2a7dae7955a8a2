/** `#libs/messaging/kafka`: sending events, for programs that run without Nest (the demo, benchmarks). */
export { toMessage } from '../cloud-events.ts';
export { newEvent, newId } from '../event.ts';
export { connectKafka } from './client.ts';
export { KafkaPublisher } from './publisher.ts';
