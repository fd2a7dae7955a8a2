import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import {
  type ChannelCharged,
  channelCharged,
  chargeBorne,
  chargeCleared,
  type DataOf,
  type Event,
  UNALLOCATED,
} from '#libs/contracts';
import { Database } from '#libs/database';
import { EventHandler, newEvent, newId } from '#libs/messaging';
import { createDatabase, type TestDatabase } from '../../../test/kit/database.ts';
import { untilSomebodyWaits } from '../../../test/kit/locks.ts';
import { eventually, send, startTested } from '../../../test/kit/service.ts';
import { signedFetch } from '../../../test/kit/sign-in.ts';
import { ChargesService } from '../charges/charges.service.ts';
import { ordersMigrations } from '../migrations/index.ts';
import { OrdersModule } from '../orders.module.ts';
import { ordersPolicy } from '../policy.ts';

/** The books, as far as they are told who bears what channels take. */
@Controller()
class Ledger {
  static readonly told: { readonly chargeId: string; readonly said: string }[] = [];

  @EventHandler(chargeBorne, chargeCleared)
  async onCharges(events: Event<DataOf<typeof chargeBorne | typeof chargeCleared>>[]): Promise<void> {
    Ledger.told.push(
      ...events.map(({ type, data: { chargeId, facilityId } }) => {
        return { chargeId, said: `${type === chargeBorne.type ? 'borne' : 'cleared'} ${facilityId}` };
      }),
    );
  }
}

let database: TestDatabase;
let app: INestApplication;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  const service = { module: OrdersModule, migrations: ordersMigrations, policy: ordersPolicy, neighbours: [Ledger] };
  app = await startTested({ ...service, name: `stores-${randomUUID().slice(0, 8)}` }, database);
  url = await app.getUrl();
  await app.get(Database).query(`INSERT INTO facility (facility_id, region) VALUES ('F1', 'Bali'), ('F2', 'Bali')`);
}, 60_000);
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function ask(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await signedFetch(`${url}/v1/${path}`, {
    ...(body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const codes = ({ body }: { body: Record<string, unknown> }) =>
  (body.errors as { field: string; code: string }[]).map(({ field, code }) => `${field}: ${code}`);

async function openChannel(): Promise<string> {
  const channelId = `pasar-${randomUUID().slice(0, 8)}`;
  await ask('channels', { channelId, name: 'Pasar', kind: 'generic', by: 'p-1' });
  return channelId;
}
async function put(channelId: string, version: number, stores: object[]): Promise<void> {
  expect((await ask(`channels/${channelId}/stores`, { version, stores, by: 'p-1' })).status).toBe(200);
  expect((await ask(`channels/${channelId}/stores/${version}/approval`, { by: 'p-2' })).status).toBe(200);
}
const chargeOf = (channel: string, ref: string, store?: string): ChannelCharged => ({
  ...{ chargeId: `${channel}/-~${ref}`, channel, ...(store !== undefined && { store }), called: 'Iklan' },
  ...{ withheldTax: 0, paidOut: -421_800, bank: 'pasar-wallet', chargedAt: '2026-03-08T00:00:00.000Z' },
});
const charged = (charge: ChannelCharged) => newEvent(channelCharged, charge, { correlationId: newId() });
/** What the books are told of a charge, in the order of each book; between books there is none. */
const untilTold = async (chargeId: string, count: number) => {
  const told = () => Ledger.told.filter((each) => each.chargeId === chargeId).map(({ said }) => said);
  return (await eventually(told, ({ length }) => length >= count)).toSorted();
};

it('whoever reads a set is told what he may do with it', async () => {
  const channelId = await openChannel();
  await ask(`channels/${channelId}/stores`, { version: 1, stores: [{ facilityId: 'F1' }], by: 'p-1' });
  const { actions } = (await ask(`channels/${channelId}/stores/1`)).body as {
    actions?: { name: string; allowed: boolean }[];
  };
  expect(actions?.map(({ name, allowed }) => [name, allowed]).sort()).toEqual([
    ['approval', false],
    ['rejection', true],
    ['withdrawal', true],
  ]);
});

it('a set of stores is drafted by one person and approved by another', async () => {
  const channelId = await openChannel();
  const path = `channels/${channelId}/stores`;
  expect((await ask(path)).body).toEqual([]);
  expect((await ask('channels/pasar-gelap/stores')).status).toBe(404);
  const stores = [{ store: 'bali', facilityId: 'F1' }, { facilityId: 'F2' }];
  const draft = await ask(path, { version: 1, stores, by: 'p-1' });
  expect(draft).toMatchObject({
    status: 200,
    body: { version: 1, status: 'draft', size: 2, stores: [stores[0], { store: '*', facilityId: 'F2' }] },
  });
  expect(await ask(path, { version: 1, stores, by: 'p-1' })).toEqual(draft);
  expect((await ask(path, { version: 1, stores: [], by: 'p-1' })).status).toBe(409);
  const twice = await ask(path, { version: 2, stores: [...stores, { store: '*', facilityId: 'F1' }], by: 'p-1' });
  expect([twice.status, codes(twice)]).toEqual([400, ['stores.2.store: duplicate']]);
  const nowhere = await ask(path, { version: 2, stores: [{ facilityId: UNALLOCATED }], by: 'p-1' });
  expect([nowhere.status, codes(nowhere)]).toEqual([422, ['stores.0.facilityId: unknown-facility']]);

  expect((await ask(`${path}/1/approval`, { by: 'p-1' })).status).toBe(403);
  expect(await ask(`${path}/1/approval`, { by: 'p-2' })).toMatchObject({ status: 200, body: { status: 'approved' } });
  await ask(path, { version: 2, stores: [], by: 'p-1' });
  const rejected = await ask(`${path}/2/rejection`, { by: 'p-2', reason: 'somebody has to bear it' });
  expect(rejected.body).toMatchObject({ status: 'rejected', rejectedBecause: 'somebody has to bear it' });
  await put(channelId, 3, []);
  expect((await ask(`${path}/1`)).body).toMatchObject({ status: 'approved', size: 2 });
  await ask(path, { version: 4, stores, by: 'p-1' });
  expect((await ask(`${path}/4/withdrawal`, { by: 'p-1' })).body).toMatchObject({ status: 'withdrawn' });
});

it('what a channel takes of no order is borne by the facility of its store, or of any; each once', async () => {
  const channelId = await openChannel();
  await put(channelId, 1, [{ store: 'bali', facilityId: 'F1' }, { facilityId: 'F2' }]);
  const [own, other, none] = [
    chargeOf(channelId, 'own', 'bali'),
    chargeOf(channelId, 'other', 'lombok'),
    chargeOf(channelId, 'none'),
  ];
  await send(app, charged(own), charged(own), charged(other), charged(none));
  expect(await untilTold(own.chargeId, 1)).toEqual(['borne F1']);
  expect(await untilTold(other.chargeId, 1)).toEqual(['borne F2']);
  expect(await untilTold(none.chargeId, 1)).toEqual(['borne F2']);
  // Stores of later do not change whose it was.
  await put(channelId, 2, [{ facilityId: 'F1' }]);
  const last = chargeOf(channelId, 'last', 'bali');
  await send(app, charged(own), charged(last));
  expect(await untilTold(last.chargeId, 1)).toEqual(['borne F1']);
  const kept = await app
    .get(Database)
    .query('SELECT facility_id AS by FROM charge WHERE channel_id = $1 ORDER BY charge_id', [channelId]);
  expect(kept).toEqual([{ by: 'F1' }, { by: 'F2' }, { by: 'F2' }, { by: 'F1' }]);
});

it('what is of no store that is known is held, until two persons say whose the store is', async () => {
  const channelId = await openChannel();
  const [later, never] = [chargeOf(channelId, 'later', 'bali'), chargeOf(channelId, 'never')];
  await send(app, charged(later), charged(never));
  expect(await untilTold(later.chargeId, 1)).toEqual([`borne ${UNALLOCATED}`]);
  expect(await untilTold(never.chargeId, 1)).toEqual([`borne ${UNALLOCATED}`]);
  await put(channelId, 1, [{ store: 'bali', facilityId: 'F1' }]);
  expect(await untilTold(later.chargeId, 3)).toEqual(['borne F1', `borne ${UNALLOCATED}`, `cleared ${UNALLOCATED}`]);
  expect(await untilTold(never.chargeId, 1)).toEqual([`borne ${UNALLOCATED}`]);
  // The book that holds it hears that it does before it hears that it does no more.
  const ofBook = Ledger.told.filter(({ chargeId, said }) => chargeId === later.chargeId && said.endsWith(UNALLOCATED));
  expect(ofBook.map(({ said }) => said)).toEqual([`borne ${UNALLOCATED}`, `cleared ${UNALLOCATED}`]);
});

it('a charge that comes while stores are approved is borne by one of them, and held by nobody', async () => {
  const channelId = await openChannel();
  const stores = [{ store: 'bali', facilityId: 'F1' }];
  expect((await ask(`channels/${channelId}/stores`, { version: 1, stores, by: 'p-1' })).status).toBe(200);
  const charge = chargeOf(channelId, 'meanwhile', 'bali');
  const [taken, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const taking = app.get(Database).transaction(async (transaction) => {
    await app.get(ChargesService).take(transaction, [charged(charge)]);
    taken.resolve();
    await free.promise;
  });
  await taken.promise;
  const approval = ask(`channels/${channelId}/stores/1/approval`, { by: 'p-2' });
  await untilSomebodyWaits(app.get(Database));
  free.resolve();
  await taking;
  expect((await approval).status).toBe(200);
  expect(await untilTold(charge.chargeId, 3)).toEqual(['borne F1', `borne ${UNALLOCATED}`, `cleared ${UNALLOCATED}`]);
});
