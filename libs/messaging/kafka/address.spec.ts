import { expect, it } from '@jest/globals';
import { configuredKafka } from './address.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----';

it.each<[string, NodeJS.ProcessEnv]>([
  ['this computer', { KAFKA_BROKERS: '127.0.0.1:9092,localhost:9093,[::1]:9094' }],
  ['others, by TLS', { KAFKA_BROKERS: 'one.example:9092,two.example:9092', KAFKA_TLS_CA: CERTIFICATE }],
  ['others, in plain text that is wanted', { KAFKA_BROKERS: 'kafka:9092', ALLOW_PLAINTEXT: 'on' }],
])('brokers of %s are taken', (_, environment) => {
  expect(configuredKafka(environment).brokers).toBe(environment.KAFKA_BROKERS);
});

it.each(['one.example:9092', '127.0.0.1:9092, one.example:9092', '[2001:db8::1]:9092', 'one.example'])(
  '%s without TLS ends the start',
  (brokers) => {
    expect(() => configuredKafka({ KAFKA_BROKERS: brokers })).toThrow(/KAFKA_BROKERS: \S+ would be.*KAFKA_TLS_CA/);
  },
);
