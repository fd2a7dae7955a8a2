import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Database, type RowScope, rowAccess } from '#libs/database';
import { createDatabase, createKeys, type TestDatabase } from '../../test/kit/database.ts';
import { type Call, handlersOf } from '../../test/kit/routes.ts';
import { classesOfTables } from '../../test/kit/row-security.ts';
import { startTested } from '../../test/kit/service.ts';
import { CatalogueModule } from './catalogue.module.ts';
import { ImportService } from './import/import.service.ts';
import { catalogueMigrations } from './migrations/index.ts';
import { cataloguePolicy } from './policy.ts';

/* What whoever sees some facilities is shown, and may record: behind the guard that would have refused most of this. */

let testDatabase: TestDatabase;
let keyDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let gets: Map<string, Call>;

const of = (...facilities: string[]): RowScope => ({ facilities });
const as = <T>(scope: RowScope | 'all', work: () => Promise<T>): Promise<T> => rowAccess.run({ scope }, work);

const filesOf = (facility: string, more: { name?: string; maker?: string; price?: number; region?: string } = {}) => ({
  'facilities.csv': `facility_id,name,type,class,region,timezone\n${facility},Lapas,lapas,I,${more.region ?? 'Bali'},Asia/Makassar`,
  'makers.csv': `maker_id,facility_id,registration_no,name,display_name,consent,is_child\n${more.maker ?? `M-${facility}`},${facility},R-${facility},${more.name ?? 'N'},D,true,false`,
  'products.csv': `sku,facility_id,category,title_id,title_en,price\nS-${facility},${facility},craft,Kotak,Box,${more.price ?? 5000}`,
  'lots.csv': `lot_id,sku,facility_id,quantity,unit_cost,made_on\nL-${facility},S-${facility},${facility},5,100,2026-01-01`,
  'contributions.csv': `lot_id,maker_id,measure,value\nL-${facility},${more.maker ?? `M-${facility}`},hours,1`,
});
const take = (files: Partial<ReturnType<typeof filesOf>>) =>
  app.get(ImportService, { strict: false }).import(files, { dryRun: false, by: 'p-1' });

beforeAll(async () => {
  testDatabase = await createDatabase();
  keyDatabase = await createKeys();
  const service = { module: CatalogueModule, policy: cataloguePolicy, migrations: catalogueMigrations, neighbours: [] };
  app = await startTested({ ...service, name: `catalogue-${randomUUID()}` }, testDatabase);
  database = app.get(Database);
  gets = handlersOf(app, 'GET', ['CatalogueModule']);
  for (const facility of ['F1', 'F2']) await take(filesOf(facility));
  await database.query(`
    INSERT INTO reservation (order_id, status, lines, expires_at)
    VALUES ('blanja/1', 'committed', '[{"lineRef": "1", "portions": [{"lotId": "L-F2", "quantity": 2}]}]', now());
    UPDATE lot SET taken = 2 WHERE lot_id = 'L-F2'`);
});
afterAll(async () => {
  await app.close();
  await testDatabase.drop();
  await keyDatabase.drop();
});

it('every table has its class', async () => {
  expect(await classesOfTables(testDatabase.url)).toEqual({
    ...Object.fromEntries(
      [
        ...['blocked_key', 'claimed_event_id', 'dead_letter', 'idempotency_key', 'inbox', 'migrations', 'reservation'],
        ...['consumed_position', 'event_namespace', 'heard_type'],
        ...[
          'awaited_order',
          'awaited_sku',
          'consent',
          'custody_end',
          'erasure',
          'facility_told',
          'known_approver',
          'personal_read',
          'reused_event_id',
          'stock_change',
          'undeliverable',
        ],
      ].map((table) => [table, 'closed']),
    ),
    category: 'open: SELECT',
    contribution: 'own: SELECT, INSERT, DELETE',
    facility: 'open: SELECT',
    lot: 'own: SELECT, INSERT, UPDATE; lot_by_day, lot_facility_id_lot_id_key',
    maker: 'own: SELECT, INSERT, UPDATE; maker_facility_id_maker_id_key',
    maker_person: 'own: SELECT, INSERT, UPDATE',
    outbox: 'open: INSERT',
    product: 'own: SELECT, INSERT, UPDATE; product_by_facility',
    lot_version: 'own: SELECT, INSERT',
    stock_movement: 'own: SELECT, INSERT',
    stock_return: 'own: SELECT, INSERT',
  });
});

describe('whoever sees F1', () => {
  it('is asked about by every read that there is', () => {
    expect([...gets.keys()].sort()).toEqual([
      ...['CategoriesController.list', 'ErasuresController.due', 'FacilitiesController.list', 'FeedController.list'],
      ...['ImportController.template', 'LotsController.find', 'LotsController.list', 'LotsController.listVersions'],
      ...['MakersController.list', 'MovementsController.list', 'ProductsController.list'],
    ]);
  });

  it.each(['LotsController.list', 'MakersController.list'])('%s: sees what the nation sees of F1', async (name) => {
    const list = async (scope: RowScope | 'all') =>
      (await as(scope, () => gets.get(name)?.({ limit: 100, order: 'id' }) as Promise<unknown>)) as {
        items: { facilityId: string }[];
      };
    const nation = await list('all');
    expect(nation.items).toHaveLength(2);
    expect(await list(of('F1'))).toEqual({ items: nation.items.filter(({ facilityId }) => facilityId === 'F1') });
    expect(await list(of())).toEqual({ items: [] });
  });

  it.each(['LotsController.find', 'LotsController.listVersions', 'MovementsController.list'])(
    '%s: knows no lot of F2',
    async (name) => {
      const asked = (lotId: string) => as(of('F1'), () => gets.get(name)?.(lotId) as Promise<unknown>);
      expect(await asked('L-F1')).toBeDefined();
      await expect(asked('L-F2')).rejects.toMatchObject({ status: 404 });
    },
  );

  it('sees everything that is for sale, and how much of it', async () => {
    const products = (scope: RowScope | 'all') =>
      as(scope, () => gets.get('ProductsController.list')?.({ limit: 100 }) as Promise<unknown>);
    expect(await products(of('F1'))).toEqual(await products('all'));
  });

  it('is given no row of F2 by any table but that of products', async () => {
    for (const table of ['contribution', 'lot', 'maker', 'maker_person', 'stock_return']) {
      const rows = await as(of('F1'), () => database.query<{ facility_id: string }>(`SELECT * FROM ${table}`));
      expect(rows.filter(({ facility_id: facility }) => facility !== 'F1')).toEqual([]);
      expect(rows).toHaveLength(table === 'stock_return' ? 0 : 1);
    }
  });

  it('imports its own rows', async () => {
    const {
      'facilities.csv': _,
      'lots.csv': __,
      'contributions.csv': ___,
      ...files
    } = filesOf('F1', { name: 'New', price: 6000 });
    await as(of('F1'), () => take(files));
    expect(await database.query(`SELECT price FROM product WHERE sku = 'S-F1'`)).toEqual([{ price: 6000 }]);
    const lot = 'lot_id,sku,facility_id,quantity,unit_cost,made_on\nL2-F1,S-F1,F1,5,100,2026-01-01';
    const made = 'lot_id,maker_id,measure,value\nL2-F1,M-F1,hours,1';
    await as(of('F1'), () =>
      take({ 'facilities.csv': filesOf('F1')['facilities.csv'], 'lots.csv': lot, 'contributions.csv': made }),
    );
    expect(await as(of('F1'), () => database.query('SELECT FROM lot'))).toHaveLength(2);
  });

  it.each<[what: string, files: Partial<ReturnType<typeof filesOf>>]>([
    ['a maker of F2', { 'makers.csv': filesOf('F2', { name: 'Other' })['makers.csv'] }],
    ['a maker of F2 as its own', { 'makers.csv': filesOf('F1', { maker: 'M-F2' })['makers.csv'] }],
    ['a product of F2', { 'products.csv': filesOf('F2', { price: 1 })['products.csv'] }],
    ['its own facility', { 'facilities.csv': filesOf('F1', { region: 'Papua' })['facilities.csv'] }],
  ])('may not import %s', async (_, files) => {
    const state = () =>
      database.query(
        'SELECT maker_id, maker.facility_id, fingerprint, price, region FROM maker JOIN maker_person USING (maker_id) JOIN product ON product.facility_id = maker.facility_id JOIN facility ON facility.facility_id = maker.facility_id ORDER BY 1',
      );
    const before = await state();
    await expect(as(of('F1'), () => take(files))).rejects.toMatchObject({ code: '42501' });
    expect(await state()).toEqual(before);
  });

  it('is told of goods of F2 that came back what it is told of goods that nobody sold', async () => {
    const { ReturnsController } = await import('./returns/returns.controller.ts');
    const back = (lotId: string) =>
      app
        .get(ReturnsController, { strict: false })
        .record(
          { caller: 'person:p-1', key: randomUUID(), operation: 'POST /v1/returns', bodyHashes: ['x', 'x'] },
          { channel: 'blanja', orderRef: '1', lineRef: '1', lotId, quantity: 1, disposition: 'restock' },
        );
    const refused = (lotId: string) =>
      as(of('F1'), () => back(lotId)).catch(({ problem }) => JSON.stringify(problem).replaceAll(lotId, 'it'));
    expect(await refused('L-F2')).toBe(await refused('L-no'));
    expect(await as(of('F2'), () => back('L-F2'))).toMatchObject({ lotId: 'L-F2' });
    expect(await as(of('F2'), () => database.query('SELECT quantity FROM stock_return'))).toEqual([{ quantity: 1 }]);
    expect(await as(of('F1'), () => database.query('SELECT FROM stock_return'))).toEqual([]);
  });
});
