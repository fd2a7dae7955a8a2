import { afterEach, expect, it, jest } from '@jest/globals';
import { runDemo } from '../../deploy/demo/demo.ts';
import { forEachService } from '../../deploy/local/services.ts';
import { address, fromSetup } from './stack.ts';

const print = jest.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => {
  print.mockClear();
});
const printed = (): string => print.mock.calls.flat().join('\n');

it('the demo shares one sale, and finds it again at the next start', async () => {
  const stack = { kafkaBrokers: fromSetup('KAFKA_BROKERS'), addresses: forEachService(address) };

  await runDemo(stack);
  expect(printed()).toContain('came over Kafka');
  const tables = /┌.*┘/s.exec(printed())?.[0];
  expect(tables).toMatch(/Maker .* of 50 % of Rp/);
  print.mockClear();

  await runDemo(stack);
  expect(printed()).toContain('is here already');
  expect(printed()).toContain(tables);
  expect(printed()).not.toContain('ALARM');
});
