export type { KeptDeadLetter } from './dead-letters.ts';
export { deliveriesOf } from './delivery-order.ts';
export { type Cause, eventsOf, newEvent, newId } from './event.ts';
export { EventHandler } from './event-handler.ts';
export { MessagingModule } from './messaging.module.ts';
export { messagingMigrations } from './migration.ts';
export { Outbox } from './outbox.ts';
export { DeadLetterDesk, NotFirstOfKey } from './redrive.ts';
export { KafkaTransport } from './transport.ts';
