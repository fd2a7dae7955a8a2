import { expect } from '@jest/globals';
import type { Served } from './http.ts';
import { eventually } from './service.ts';

/** What version 1 of an agreement would have made of past sales, once it is known. */
// biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
export async function simulated(served: Served, id: string, asked: object): Promise<any> {
  const path = `agreements/${id}/1/simulations`;
  const { status, body } = await served.call('POST', path, asked);
  expect({ status, body }).toMatchObject({ status: 202, body: { startedBy: 'p-1', asked } });
  const { body: run } = await eventually(
    () => served.call('GET', `${path}/${body.simulationId}`),
    (answer) => answer.body.status !== 'running',
  );
  expect(run).toMatchObject({ status: 'done', endedAt: expect.any(String) });
  expect(run.progress.sales).toBe(run.result.sales);
  return run.result;
}
