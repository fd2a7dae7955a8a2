import { readFileSync } from 'node:fs';

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

/** What `KAFKA_BROKERS`, `KAFKA_USERNAME`, `KAFKA_PASSWORD` or `KAFKA_PASSWORD_FILE`, and `KAFKA_TLS_CA` say. */
export function configuredKafka(environment: NodeJS.ProcessEnv = process.env): KafkaAddress {
  const { KAFKA_BROKERS: brokers, KAFKA_USERNAME: name, KAFKA_TLS_CA: tlsCa } = environment;
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: host:port, comma separated');
  return {
    brokers,
    ...(name && { user: { name, password: passwordIn(environment) } }),
    ...(tlsCa && { tlsCa: tlsCa.includes('-----BEGIN') ? tlsCa : readFileSync(tlsCa, 'utf8') }),
  };
}

function passwordIn({ KAFKA_PASSWORD: password, KAFKA_PASSWORD_FILE: file }: NodeJS.ProcessEnv): string {
  const given = password || (file && readFileSync(file, 'utf8').trim());
  if (!given) throw new Error('KAFKA_USERNAME is set, but neither KAFKA_PASSWORD nor KAFKA_PASSWORD_FILE');
  return given;
}
