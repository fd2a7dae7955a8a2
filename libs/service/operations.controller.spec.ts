import { describe, expect, it, jest } from '@jest/globals';
import type { Response } from 'express';
import type { Database } from '#libs/database';
import type { EventTransport } from '#libs/messaging';
import { OperationsController } from './operations.controller.ts';

const statusOf = async (database: Promise<unknown>, isReady: boolean) => {
  const controller = new OperationsController(
    { query: () => database } as unknown as Database,
    { isReady, topicMisfits: [] as const } as unknown as EventTransport,
  );
  const status = jest.fn();
  const answer = await controller.ready({ status } as unknown as Response);
  return { code: status.mock.calls[0]?.[0], answer, live: controller.live() };
};

describe('a service', () => {
  it('that can work is ready', async () => {
    expect(await statusOf(Promise.resolve([]), true)).toMatchObject({ code: 200, answer: { status: 'ready' } });
  });

  it.each([
    ['broker', Promise.resolve([]), false, { database: true, consumer: false }],
    ['database', Promise.reject(new Error('away')), true, { database: false, consumer: true }],
  ])(
    'whose %s is down is not ready, and lives: to start it again would not help',
    async (_, database, isReady, answer) => {
      expect(await statusOf(database, isReady)).toMatchObject({ code: 503, answer, live: { status: 'live' } });
    },
  );

  it('whose database says nothing is not ready within seconds, rather than silent as well', async () => {
    expect(await statusOf(new Promise(() => {}), true)).toMatchObject({ code: 503, answer: { database: false } });
  });
});
