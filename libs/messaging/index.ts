export { toMessage } from "./cloud-events.ts";
export { type Cause, newEvent, newId } from "./event.ts";
export { EventHandler, KAFKA_TRANSPORT } from "./event-handler.ts";
export { connectKafka } from "./kafka/client.ts";
export { KafkaPublisher } from "./kafka/publisher.ts";
export { MessagingModule } from "./messaging.module.ts";
export { messagingMigrations } from "./migration.ts";
export { Outbox } from "./outbox.ts";
export { KafkaTransport } from "./transport.ts";
