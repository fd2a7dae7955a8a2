import { Counter, Gauge, Histogram } from 'prom-client';

/** Of OpenTelemetry's messaging conventions: this one, the next, and the duration. */
export const sentTotal = new Counter({
  name: 'messaging_client_sent_messages_total',
  help: 'Messages that the broker has acknowledged',
  labelNames: ['topic'],
});

export const processedTotal = new Counter({
  name: 'messaging_client_consumed_messages_total',
  help: 'Events processed for the first time',
  labelNames: ['type'],
});

export const processDurationSeconds = new Histogram({
  name: 'messaging_process_duration_seconds',
  help: 'One batch, of whatever waited: inbox, effects and outbox, in one transaction',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

export const duplicatesTotal = new Counter({
  name: 'inbox_duplicates_total',
  help: 'Events delivered again and left out',
});

export const deadLettersTotal = new Counter({
  name: 'dead_letters_total',
  help: 'Messages set aside: poison, or parked behind one of the same key',
  labelNames: ['status'],
});

export const reusedEventIdsTotal = new Counter({
  name: 'event_ids_reused_total',
  help: 'Events from outside whose id their sender had used for another one before',
});

export const stoppedTypes = new Gauge({
  name: 'consumer_stopped',
  help: '1: events of this type fail one after another for the same reason, so they wait and none is buried',
  labelNames: ['type'],
});

export const eventAgeSeconds = new Histogram({
  name: 'event_age_seconds',
  help: 'From the writing of an event to its effects',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
});

export const consumerLagMessages = new Gauge({
  name: 'consumer_lag_messages',
  help: 'Messages behind the end of the partition when its last batch was taken',
  labelNames: ['topic', 'partition'],
});

export const topicMisfit = new Gauge({
  name: 'topic_misfit',
  help: '1: at the start of the service this setting of a topic was not as we make it',
  labelNames: ['topic', 'setting'],
});
