import { readFileSync } from 'node:fs';
import { requireEncrypted, setting } from '#libs/environment';

/** Where Kafka is, and as whom we come. */
export interface KafkaAddress {
  /** `host:port`, comma separated. */
  readonly brokers: string;
  /** Absent: nobody, whom only a broker without users lets in. */
  readonly user?: KafkaUser;
  /** Certificates (PEM) by which the brokers are known. Absent: no TLS. */
  readonly tlsCa?: string;
}

export interface KafkaUser {
  readonly name: string;
  readonly password: string;
  /** SCRAM-SHA-512, but for who makes a broker's first user. */
  readonly mechanism?: 'plain';
}

/**
 * What `KAFKA_BROKERS`, `KAFKA_USERNAME`, `KAFKA_PASSWORD` or `KAFKA_PASSWORD_FILE`, and `KAFKA_TLS_CA` say.
 * @throws Error if a broker is elsewhere, without TLS
 */
export function configuredKafka(environment: NodeJS.ProcessEnv = process.env): KafkaAddress {
  const { KAFKA_BROKERS: brokers, KAFKA_USERNAME: name, KAFKA_TLS_CA: tlsCa } = environment;
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: host:port, comma separated');
  const way = { isEncrypted: Boolean(tlsCa), variable: 'KAFKA_BROKERS', remedy: 'KAFKA_TLS_CA' };
  for (const host of brokers.split(',').map(hostOf)) requireEncrypted({ host, ...way }, environment);
  return {
    brokers,
    ...(name && { user: { name, password: passwordIn(environment) } }),
    ...(tlsCa && { tlsCa: tlsCa.includes('-----BEGIN') ? tlsCa : readFileSync(tlsCa, 'utf8') }),
  };
}

/** Of `host:port`, `[host]:port`. */
function hostOf(broker: string): string {
  return broker
    .trim()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function passwordIn(environment: NodeJS.ProcessEnv): string {
  const given = setting('KAFKA_PASSWORD', environment);
  if (!given) throw new Error('KAFKA_USERNAME is set, but neither KAFKA_PASSWORD nor KAFKA_PASSWORD_FILE');
  return given;
}
