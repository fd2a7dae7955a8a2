import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { configuredKafka } from './address.ts';
import { connectKafka } from './client.ts';

/** A proxy whose broker is gone. */
let proxy: Server;
let brokers: string;

beforeAll(async () => {
  proxy = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  brokers = `127.0.0.1:${(proxy.address() as { port: number }).port},${configuredKafka().brokers}`;
});

afterAll(() => void proxy.close());

it('a broker that is gone behind a proxy does not hold up who knows another one', async () => {
  const kafka = connectKafka('survivor', { ...configuredKafka(), brokers });
  const started = performance.now();
  for (let client = 0; client < 4; client += 1) {
    const producer = kafka.producer();
    expect(await producer.connect().catch((error: unknown) => error)).toBeUndefined();
    await producer.disconnect();
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});
