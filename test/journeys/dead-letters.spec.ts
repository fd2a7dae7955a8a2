/** A message that cannot be processed, as an operator meets it: found, looked at, given up, with who and why. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { commandToken, signedFetch } from '../kit/sign-in.ts';
import { address, publish, until } from './stack.ts';

interface Letter {
  readonly id: string;
  readonly message: { readonly key: string };
}

const commandOf =
  (by: string) =>
  async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=source', 'deploy/local/dead-letters.ts', 'orders', ...args],
      { env: { ...process.env, ORDERS_ADDRESS: address('orders'), ...(await commandToken(by)) } },
    );
    return stdout;
  };
const [command, another] = [commandOf('operator-1'), commandOf('operator-2')];

it('an unreadable message is listed, shown and discarded by command line', async () => {
  const key = `blanja/unreadable-${randomUUID()}`;
  const headers = { ce_id: randomUUID(), ce_type: 'marketplace.checkout-completed.v1', ce_source: '/blanja' };
  await publish({ topic: 'checkout.blanja.v1', key, headers, value: '{"channel": "blanja", ' });

  const letters = async (): Promise<Letter[]> =>
    ((await (await signedFetch(`${address('orders')}/v1/dead-letters`)).json()) as { items: Letter[] }).items.filter(
      ({ message }) => message.key === key,
    );
  const [letter] = await until(letters, ({ length }) => length === 1);
  const id = letter?.id ?? '';

  expect(await command('list')).toContain(id);
  expect(JSON.parse(await command('show', id))).toMatchObject({
    status: 'poison',
    cause: expect.stringContaining('is not JSON'),
    message: {
      topic: 'checkout.blanja.v1',
      key,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      value: '{"channel": "blanja", ',
    },
  });
  await expect(command('redrive', id)).rejects.toThrow('Usage'); // without who and why

  const cause = (JSON.parse(await command('show', id)) as { cause: string }).cause;
  expect(await command('causes')).toContain(cause);
  expect(JSON.parse(await command('redrive', '--cause', cause, '--reason', 'perhaps now'))).toMatchObject({
    resolved: 0,
    failed: expect.arrayContaining([expect.objectContaining({ id, cause: expect.any(String) })]),
  });

  for (const _ of ['asks', 'asks again']) {
    expect(JSON.parse(await command('discard', id, '--reason', 'cut off at the source'))).toEqual({
      resolved: 0,
      askedBy: 'operator-1',
    });
  }
  expect(JSON.parse(await another('discard', id, '--reason', 'cut off at the source'))).toEqual({
    resolved: 1,
  });
  expect(await letters()).toEqual([]);
  expect(await command('list', '--all')).toContain('discarded by operator-2');
});

it('an id that a marketplace uses for two checkouts is listed, and both are taken', async () => {
  const id = randomUUID();
  const [one, other] = [randomUUID(), randomUUID()];
  await publish(
    ...[one, other].map((orderRef) => ({
      topic: 'checkout.blanja.v1',
      key: `blanja/${orderRef}`,
      headers: { ce_id: id, ce_type: 'marketplace.checkout-completed.v1', ce_source: '/blanja' },
      value: JSON.stringify({
        ...{ channel: 'blanja', orderRef, placedAt: '2026-01-05T10:00:00+07:00' },
        lines: [{ lineRef: '1', sku: 'nobody-has-it', quantity: 1, unitPrice: 1_000 }],
      }),
    })),
  );
  const reused = async () =>
    (
      (await (await signedFetch(`${address('orders')}/v1/reused-event-ids`)).json()) as {
        items: { claimedId: string }[];
      }
    ).items;
  expect(await until(reused, (items) => items.some(({ claimedId }) => claimedId === id))).toContainEqual(
    expect.objectContaining({ code: 'event-id-reused', claimedId: id, source: '/blanja' }),
  );
  for (const orderRef of [one, other]) {
    await until(
      async () => (await signedFetch(`${address('orders')}/v1/orders/blanja/${orderRef}`)).status,
      (status) => status === 200,
    );
  }
});
