import { afterEach, describe, expect, it } from '@jest/globals';
import { startTraceReceiver, type TraceReceiver } from '../../test/kit/trace-receiver.ts';
import { endSpans, spanOf, startTracing, traceparentOf } from './tracing.ts';

const event = (id: string, traceparent?: string) => ({
  ...{ id, type: 'orders.order-paid.v1', topic: 'orders.order.v1', key: 'blanja/1', correlationId: 'c' },
  traceparent,
});

let receiver: TraceReceiver | undefined;
let end: () => Promise<void> = async () => {};

afterEach(async () => {
  await end();
  await receiver?.stop();
  receiver = undefined;
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
});

const startTo = async (address: string): Promise<void> => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = address;
  end = startTracing('orders');
};

describe('spans', () => {
  it('are not made when nobody collects them', () => {
    end = startTracing('orders');
    expect(spanOf('append', event('1'))).toBeUndefined();
  });

  it('tell what was done about an event, within what caused it, and nothing of what it says', async () => {
    receiver = await startTraceReceiver();
    await startTo(receiver.address);
    const cause = spanOf('process', event('1'));
    const caused = spanOf('append', event('2', cause && traceparentOf(cause)));
    endSpans([caused, cause]);
    await end();
    const [second, first] = receiver.spans;
    expect(first).toMatchObject({ service: 'orders', name: 'process orders.order-paid.v1' });
    expect(second).toMatchObject({
      name: 'append orders.order-paid.v1',
      traceId: first?.traceId,
      parentSpanId: first?.spanId,
    });
    expect(second?.attributes).toEqual({
      'messaging.system': 'kafka',
      'messaging.operation.name': 'append',
      'messaging.destination.name': 'orders.order.v1',
      'messaging.kafka.message.key': 'blanja/1',
      'messaging.message.id': '2',
      'messaging.message.conversation_id': 'c',
    });
  });

  it('cost nobody anything when their collector is away: they are dropped, and a stop does not wait', async () => {
    const away = await startTraceReceiver();
    await away.stop();
    await startTo(away.address);
    for (let id = 0; id < 20_000; id += 1) endSpans([spanOf('append', event(`${id}`))]);
    const started = performance.now();
    await end();
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('nor when it takes them and says nothing', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await startTo(`http://127.0.0.1:${(silent.address() as { port: number }).port}`);
    endSpans([spanOf('append', event('1'))]);
    const started = performance.now();
    await end();
    expect(performance.now() - started).toBeLessThan(3_000);
    silent.close();
  });
});
