import { describe, it } from '@jest/globals';
import { conformance, Trial } from '../conformance.ts';
import { KafkaBroker } from './kafka-broker.ts';

describe('Kafka', () => {
  it.each(Object.entries(conformance))('%s', (_, run) =>
    Trial.of(run, (clientId) => new KafkaBroker(clientId), 30_000),
  );
});
