import { Kafka, logLevel } from 'kafkajs';
import { log } from '#libs/observability';

/** Retried by kafkajs itself and normal at every start or rebalance; anything else that it calls an error is one. */
const HARMLESS =
  /coordinator|rebalanc|Restarting the consumer|leader|does not host|not aware of this member|Connection (error|timeout)|ECONNREFUSED|request .*timed out/i;

/**
 * `brokers`: host:port, comma separated. Reconnects quickly and for ever: a broker that comes back after a kill
 * is found within a second, and whoever waits decides for himself how long.
 */
export function connectKafka(clientId: string, brokers = process.env.KAFKA_BROKERS): Kafka {
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: host:port, comma separated');
  return new Kafka({
    clientId,
    brokers: brokers.split(','),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 1_000,
      factor: 0.2,
      multiplier: 1.5,
      retries: 10,
    },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log: { message, ...details } }) => {
        const text = `kafka ${namespace}: ${message}`;
        const cause = details.error ? ` (${details.error})` : '';
        if (level === logLevel.ERROR && !HARMLESS.test(`${message} ${details.error ?? ''}`)) log.error(text + cause);
        else log.debug(text + cause);
      },
  });
}
