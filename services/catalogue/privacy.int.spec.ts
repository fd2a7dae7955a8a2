/** Who makers are: read with a reason that is written down first, kept under a key of each, erased by two. */
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import pg from 'pg';
import { linked, PersonalReadRepository } from '#libs/access';
import { custodyEnded } from '#libs/contracts';
import { Database } from '#libs/database';
import { newEvent, newId } from '#libs/messaging';
import type { Key } from '#libs/sealing';
import { Sealer } from '#libs/sealing';
import { Retention } from '#libs/service';
import { createDatabase, createKeys, type TestDatabase } from '../../test/kit/database.ts';
import { tokenOf } from '../../test/kit/issuer.ts';
import { eventually, send, startTested } from '../../test/kit/service.ts';
import { copyDatabase, restoreDatabase } from '../../test/upgrade/copied-database.ts';
import { CatalogueModule } from './catalogue.module.ts';
import { ConsentRepository } from './consents/consent.repository.ts';
import { catalogueMigrations } from './migrations/index.ts';
import { KEY_DATABASE, PersonKeyRepository } from './person-keys/person-key.repository.ts';
import { PersonalData } from './person-keys/personal-data.ts';
import { PersonRepository } from './persons/person.repository.ts';
import { cataloguePolicy } from './policy.ts';

/** The service knows the next key before anything is sealed by it. */
const [old, next]: [Key, Key] = [
  { number: 1, secret: randomBytes(32) },
  { number: 2, secret: randomBytes(32) },
];
const texts = (keys: readonly Key[]) =>
  keys.map(({ number, secret }) => `${number}:${secret.toString('base64')}`).join();

let catalogue: TestDatabase;
let keyDatabase: TestDatabase;
let app: INestApplication;
let database: Database;
let reads: PersonalReadRepository;

beforeAll(async () => {
  catalogue = await createDatabase();
  keyDatabase = await createKeys();
  for (const variable of ['PERSONAL_DATA_KEYS', 'PERSONAL_INDEX_KEYS']) process.env[variable] = texts([old, next]);
  const service = { module: CatalogueModule, policy: cataloguePolicy, migrations: catalogueMigrations, neighbours: [] };
  app = await startTested({ ...service, name: `catalogue-${randomUUID()}` }, catalogue);
  database = app.get(Database);
  reads = app.get(PersonalReadRepository, { strict: false });
});
afterAll(async () => {
  await app.close();
  await catalogue.drop();
  await keyDatabase.drop();
});

interface Asking {
  readonly person?: string;
  readonly purpose?: string | undefined;
}

async function ask(grants: string[], path: string, body?: object, { person = 'p-1', purpose = 'payout' }: Asking = {}) {
  const response = await fetch(`${await app.getUrl()}/v1/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${await tokenOf({ person, grants })}`,
      'content-type': 'application/json',
      ...(purpose && { 'x-purpose': purpose }),
    },
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  return { status: response.status, body: (await response.json()) as any };
}

const administrator = ['administrator@national'];
const privacy = ['privacy@national'];

/** A facility with an adult and a child, who are called after it. */
async function open(facilityId: string): Promise<void> {
  const files = {
    'facilities.csv': `facility_id,name,type,class,region,timezone\n${facilityId},Lapas,lapas,I,Bali,Asia/Makassar`,
    'makers.csv': makers(
      `${facilityId}-A,${facilityId},REG ${facilityId}-1,Wayan ${facilityId},Perajin A,true,false`,
      `${facilityId}-C,${facilityId},REG ${facilityId}-2,Anak ${facilityId},Perajin C,true,true`,
    ),
  };
  expect((await ask(administrator, 'imports', { files, dryRun: false })).status).toBe(200);
}

const makers = (...rows: string[]) =>
  ['maker_id,facility_id,registration_no,name,display_name,consent,is_child', ...rows].join('\n');
const importMakers = (...rows: string[]) =>
  ask(administrator, 'imports', { files: { 'makers.csv': makers(...rows) }, dryRun: false });
const namesOf = async (grants: string[], ...makerIds: string[]) => {
  const { status, body } = await ask(grants, 'makers/names', { makerIds });
  return status === 200 ? body.items.map(({ makerId }: { makerId: string }) => makerId) : status;
};
const countReads = async () => (await reads.end()).number;

describe('T14: names are read', () => {
  beforeAll(async () => {
    await open('N1');
    await open('N2');
  });

  it.each<[who: string, grants: string[], read: string[] | number]>([
    ['an officer, children too, of the own facility', ['officer@facility:N1'], ['N1-A', 'N1-C']],
    ['a drafter of the facility, no children', ['drafter@facility:N1'], ['N1-A']],
    ['an officer who drafts elsewhere', ['officer@facility:N1', 'drafter@facility:N2'], ['N1-A', 'N1-C', 'N2-A']],
    ['a privacy officer, adults of all', privacy, ['N1-A', 'N2-A']],
    ['an officer of another', ['officer@facility:N3'], []],
    ['no drafter of the nation', ['drafter@national'], 403],
    ['no drafter of a region', ['drafter@region:Bali'], 403],
    ['no overseer', ['overseer@national'], 403],
    ['no auditor', ['auditor@national'], 403],
    ['no administrator', administrator, 403],
    ['no operator', ['operator@national'], 403],
    ['no approver', ['approver@facility:N1'], 403],
    ['no maker', ['maker@maker:N1-A'], 403],
  ])('by %s', async (_, grants, read) => {
    expect(await namesOf(grants, 'N1-A', 'N1-C', 'N2-A', 'N2-C', 'N9-X')).toEqual(read);
  });

  it('each after a row that says by whom, when, what for and whose', async () => {
    const before = await countReads();
    const { body } = await ask(
      ['officer@facility:N1'],
      'makers/names',
      { makerIds: ['N1-A', 'N2-A'] },
      { person: 'p-7', purpose: 'release' },
    );
    expect(body).toEqual({
      items: [
        {
          makerId: 'N1-A',
          facilityId: 'N1',
          registrationNo: 'REG N1-1',
          name: 'Wayan N1',
          displayName: 'Perajin A',
          isChild: false,
          consent: false, // an import gives none
        },
      ],
    });
    const listed = await ask(['auditor@national'], 'personal-reads?limit=1');
    expect(listed.body.items).toMatchObject([
      { number: before + 1, person: 'p-7', route: 'POST /v1/makers/names', purpose: 'release', makerIds: ['N1-A'] },
    ]);
    expect((await ask(privacy, 'personal-reads?makerId=N1-A&limit=1')).body.items).toEqual(listed.body.items);
    expect((await ask(privacy, 'personal-reads?makerId=N9-A')).body.items).toEqual([]);
    expect((await ask(['officer@facility:N1'], 'personal-reads')).status).toBe(403);
  });

  it('and not at all while the row cannot be written', async () => {
    const owner = new pg.Client(catalogue.url);
    await owner.connect();
    await owner.query('ALTER TABLE personal_read ADD CONSTRAINT refuses_all CHECK (false) NOT VALID');
    for (const [path, asked] of [
      ['names', { makerIds: ['N1-A'] }],
      ['search', { registrationNo: 'REG N1-1' }],
    ] as const) {
      const { status, body } = await ask(['officer@facility:N1'], `makers/${path}`, asked);
      expect([status, JSON.stringify(body).includes('Wayan')]).toEqual([500, false]);
    }
    await owner.query('ALTER TABLE personal_read DROP CONSTRAINT refuses_all');
    await owner.end();
  });

  it.each([undefined, '', 'curiosity', 'PAYOUT'])('not for the purpose %j', async (purpose) => {
    const before = await countReads();
    for (const [path, body] of [
      ['names', { makerIds: ['N1-A'] }],
      ['search', { registrationNo: 'x' }],
    ] as const) {
      const answer = await fetch(`${await app.getUrl()}/v1/makers/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await tokenOf({ person: 'p-1', grants: privacy })}`,
          'content-type': 'application/json',
          ...(purpose !== undefined && { 'x-purpose': purpose }),
        },
        body: JSON.stringify(body),
      });
      expect([answer.status, ((await answer.json()) as { errors: { field: string }[] }).errors[0]?.field]).toEqual([
        400,
        'X-Purpose',
      ]);
    }
    expect(await countReads()).toBe(before);
  });

  it.each<[sought: object, found: string[]]>([
    [{ registrationNo: 'reg n1-1' }, ['N1-A']],
    [{ registrationNo: 'REGN1-2' }, ['N1-C']],
    [{ registrationNo: 'REG N2-1' }, []],
    [{ registrationNo: 'REG N1-1', name: 'somebody' }, []],
    [{ name: 'WAYAN', facilityId: 'N1' }, ['N1-A']],
    [{ name: 'perajin', facilityId: 'N1' }, ['N1-A', 'N1-C']],
    [{ name: 'wayan', facilityId: 'N2' }, []],
  ])('who is sought by %j', async (sought, found) => {
    const before = await countReads();
    const { body } = await ask(['officer@facility:N1'], 'makers/search', sought);
    expect(body.items.map(({ makerId }: { makerId: string }) => makerId)).toEqual(found);
    expect(await countReads()).toBe(before + 1); // that nobody is there is told as well
  });

  it('by name in a facility only', async () => {
    for (const sought of [{ name: 'Wayan' }, { facilityId: 'N1' }, {}])
      expect((await ask(privacy, 'makers/search', sought)).status).toBe(400);
  });

  it('what was written down is kept, and tampering with it is found', async () => {
    for (const change of [
      "UPDATE personal_read SET person = 'p-9'",
      'DELETE FROM personal_read',
      'TRUNCATE personal_read',
    ])
      await expect(database.query(change)).rejects.toThrow(/keeps|permission denied/);
    const end = await reads.end();
    const kept = [{ number: end.number, hash: end.hash.toString('hex') }];
    expect(await reads.faults(kept)).toEqual([]);
    const owner = new pg.Client(catalogue.url);
    await owner.connect();
    await owner.query('SET session_replication_role = replica'); // behind the back of what refuses it
    const tampering: [change: string, fault: RegExp][] = [
      ["UPDATE personal_read SET person = 'p-9' WHERE number = 2", /read 2 was changed/],
      ["UPDATE personal_read SET at = at + interval '1 second' WHERE number = 2", /read 2 does not follow/],
      ["UPDATE personal_read SET maker_ids = '{}' WHERE number = 1", /read 1 was changed/],
      [
        'UPDATE personal_read SET person = NULL, client = NULL, route = NULL, purpose = NULL, maker_ids = NULL WHERE number = 2',
        /read 2 was emptied/,
      ],
      ['DELETE FROM personal_read WHERE number = 1', /read 1 is missing/],
      [
        'DELETE FROM personal_read WHERE number = (SELECT max(number) FROM personal_read)',
        /which was kept, is missing/,
      ],
    ];
    for (const [change, fault] of tampering) {
      await owner.query('CREATE TEMP TABLE before AS TABLE personal_read');
      await owner.query(change);
      expect((await reads.faults(kept))[0]).toMatch(fault);
      await owner.query('TRUNCATE personal_read; INSERT INTO personal_read TABLE before; DROP TABLE before');
    }
    expect(await reads.faults(kept)).toEqual([]);
    await owner.end();
  });

  it('after five years it is emptied, and the chain is sound', async () => {
    const owner = new pg.Client(catalogue.url);
    await owner.connect();
    await owner.query('SET session_replication_role = replica');
    await owner.query('TRUNCATE personal_read');
    for (const at of ['2020-01-01', '2026-01-01']) await appendAt(new Date(at));
    await app.get(Retention).enforce();
    expect((await reads.list(undefined, 9, undefined)).map(({ read }) => read?.person)).toEqual(['p-1', undefined]);
    expect(await reads.faults()).toEqual([]);
    await owner.end();
  });
});

async function appendAt(at: Date): Promise<void> {
  const read = {
    person: 'p-1',
    client: 'tests',
    route: 'POST /v1/makers/names',
    purpose: 'payout',
    makerIds: ['N1-A'],
  };
  const { number, contentHash, hash } = linked(await reads.end(), at, read);
  await database.query(
    'INSERT INTO personal_read (number, at, person, client, route, purpose, maker_ids, content_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [number, at, read.person, read.client, read.route, read.purpose, read.makerIds, contentHash, hash],
  );
}

describe('consent', () => {
  beforeAll(() => open('C1'));

  const consentOf = async (makerId: string) => {
    const { body } = await ask(['officer@facility:C1'], 'makers/names', { makerIds: [makerId] });
    return body.items[0].consent;
  };
  const give = (grants: string[], makerId: string, given: boolean) =>
    ask(grants, `makers/${makerId}/consent`, { given, evidence: 'Formulir 12, Wayan C1' });

  it('is given and withdrawn by the officer or the maker, at once, and the last counts', async () => {
    expect(await consentOf('C1-A')).toBe(false);
    expect((await give(['officer@facility:C1'], 'C1-A', true)).body).toMatchObject({
      makerId: 'C1-A',
      given: true,
      by: 'p-1',
    });
    expect(await consentOf('C1-A')).toBe(true);
    expect((await give(['maker@maker:C1-A'], 'C1-A', false)).status).toBe(200);
    expect(await consentOf('C1-A')).toBe(false);
  });

  it('is not given for others', async () => {
    expect((await give(['officer@facility:N1'], 'C1-A', true)).status).toBe(404);
    expect((await give(['maker@maker:C1-C'], 'C1-A', true)).status).toBe(403);
    expect((await give(privacy, 'C1-A', true)).status).toBe(403);
    expect((await give(['officer@facility:C1'], 'C1-X', true)).status).toBe(404);
    expect(await consentOf('C1-A')).toBe(false);
  });

  it('of a child counts for nothing, and is asked anew of the adult', async () => {
    await give(['officer@facility:C1'], 'C1-C', true);
    expect(await consentOf('C1-C')).toBe(false);
    await importMakers('C1-C,C1,REG C1-2,Anak C1,Perajin C,true,false');
    expect(await consentOf('C1-C')).toBe(false);
    await give(['officer@facility:C1'], 'C1-C', true);
    expect(await consentOf('C1-C')).toBe(true);
  });

  it('is withdrawn by an import, never given by one', async () => {
    await importMakers('C1-C,C1,REG C1-2,Anak C1,Perajin C,false,false');
    expect(await consentOf('C1-C')).toBe(false);
    await importMakers('C1-C,C1,REG C1-2,Anak C1,Perajin C,true,false');
    expect(await consentOf('C1-C')).toBe(false);
  });

  it('is kept as it was said', async () => {
    for (const change of ['UPDATE consent SET given = true', 'DELETE FROM consent'])
      await expect(database.query(change)).rejects.toThrow(/keeps|permission denied/);
  });
});

describe('T13: erasure', () => {
  beforeAll(() => open('E1'));

  const request = { reason: 'request', nothingOwed: true };
  const erase = (person: string) => ask(privacy, 'makers/E1-A/erasure', request, { person });
  const approve = (person: string) => ask(privacy, 'makers/E1-A/erasure/approval', {}, { person });
  const withdraw = (person: string) => ask(privacy, 'makers/E1-A/erasure/withdrawal', {}, { person });
  const officer = ['officer@facility:E1'];

  it('is asked for by one privacy officer and done by another; then nobody is named, and no backup of the catalogue tells', async () => {
    const lot = {
      'products.csv': 'sku,facility_id,category,title_id,title_en,price\nE1-bag,E1,craft,Kotak,Box,5000',
      'lots.csv': 'lot_id,sku,facility_id,quantity,unit_cost,made_on\nE1-lot,E1-bag,E1,5,1000,2026-01-01',
      'contributions.csv': 'lot_id,maker_id,measure,value\nE1-lot,E1-A,hours,7.5',
    };
    expect((await ask(administrator, 'imports', { files: lot, dryRun: false })).status).toBe(200);
    const yesterday = await copyDatabase(catalogue.url);
    expect(await namesOf(officer, 'E1-A')).toEqual(['E1-A']);

    expect((await approve('p-2')).status).toBe(404); // nobody has asked
    expect((await ask(officer, 'makers/E1-A/erasure', request)).status).toBe(403);
    expect((await ask(privacy, 'makers/E9-A/erasure', request)).status).toBe(404);
    expect((await ask(privacy, 'makers/E1-A/erasure', { ...request, nothingOwed: false })).status).toBe(422);
    expect((await ask(privacy, 'makers/E1-A/erasure', { ...request, reason: 'Wayan' })).status).toBe(400);
    expect((await erase('p-1')).body).toMatchObject({ askedBy: 'p-1', approvedBy: null, completeAt: null });
    expect((await withdraw('p-2')).status).toBe(403);
    expect((await withdraw('p-1')).body).toMatchObject({ askedBy: 'p-1', withdrawnAt: expect.any(String) });
    expect((await withdraw('p-1')).status).toBe(200);
    expect((await approve('p-2')).status).toBe(409); // it was taken back
    expect((await erase('p-1')).body).toMatchObject({ askedBy: 'p-1', withdrawnAt: null });
    for (const same of ['p-1', 'P-1', 'Ｐ-1']) expect((await approve(same)).status).toBe(403);
    expect(await namesOf(officer, 'E1-A')).toEqual(['E1-A']);

    const { status, body } = await approve('p-2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ makerId: 'E1-A', askedBy: 'p-1', approvedBy: 'p-2' });
    expect(Date.parse(body.completeAt) - Date.parse(body.erasedAt)).toBe(30 * 86_400_000);
    expect((await approve('p-2')).body).toEqual(body);
    expect((await approve('p-3')).status).toBe(409);
    expect((await withdraw('p-1')).status).toBe(409);
    await expect(
      database.query("UPDATE erasure SET approved_by = asked_by WHERE maker_id = 'E1-A'"),
    ).rejects.toMatchObject({ code: '23514' });

    const gone = async () => {
      expect(await namesOf(officer, 'E1-A')).toEqual([]);
      const { body: found } = await ask(officer, 'makers/search', { registrationNo: 'REG E1-1' });
      expect(found.items).toEqual([]);
      const again = await importMakers('E1-A,E1,REG E1-1,Wayan E1,Perajin A,true,false');
      expect([again.status, again.body.errors[0].code]).toEqual([422, 'erased']);
      expect(await namesOf(officer, 'E1-C')).toEqual(['E1-C']);
    };
    await gone();
    expect(await database.query("SELECT FROM maker_person WHERE maker_id = 'E1-A'")).toEqual([]);
    expect(await database.query("SELECT maker_id FROM contribution WHERE lot_id = 'E1-lot'")).toEqual([
      { maker_id: 'E1-A' },
    ]);

    await restoreDatabase(catalogue.url, yesterday);
    const [row] = await database.query<{ sealed: Buffer }>("SELECT sealed FROM maker_person WHERE maker_id = 'E1-A'");
    expect(() => PersonalData.configured().open('E1-A', (row as { sealed: Buffer }).sealed, undefined)).toThrow(
      'not to be opened',
    );
    await gone();
    expect(await database.query("SELECT maker_id FROM contribution WHERE lot_id = 'E1-lot'")).toEqual([
      { maker_id: 'E1-A' },
    ]);
  });
});

describe('what need not be kept', () => {
  it('is listed as the ledger tells it, until it is erased', async () => {
    await open('R1');
    const dueOf = async () => (await ask(privacy, 'erasures/due')).body.items;
    const ended = (makerId: string, releasedOn: string) =>
      newEvent(custodyEnded, { makerId, releasedOn }, { correlationId: newId() });
    await send(app, ended('R1-C', '2023-01-05'), ended('R1-A', '2024-03-05'), ended('R9-unknown', '2024-03-05'));
    await send(app, ended('R1-C', '2024-02-05'));
    const listed = await eventually(dueOf, (items) => items.length === 2 && items[1].releasedOn === '2024-02-05');
    expect(listed).toEqual([
      { makerId: 'R1-A', releasedOn: '2024-03-05', askedBy: null },
      { makerId: 'R1-C', releasedOn: '2024-02-05', askedBy: null },
    ]);
    expect((await ask(['officer@facility:R1'], 'erasures/due')).status).toBe(403);
    const page = (await ask(privacy, 'erasures/due?limit=1')).body;
    expect((await ask(privacy, `erasures/due?limit=1&cursor=${page.nextCursor}`)).body.items).toEqual([listed[1]]);

    await ask(privacy, 'makers/R1-C/erasure', { reason: 'retention', nothingOwed: true }, { person: 'p-1' });
    expect(await dueOf()).toMatchObject([{ askedBy: null }, { makerId: 'R1-C', askedBy: 'p-1' }]);
    await ask(privacy, 'makers/R1-C/erasure/withdrawal', {}, { person: 'p-1' });
    expect(await dueOf()).toEqual(listed);
    await ask(privacy, 'makers/R1-C/erasure', { reason: 'retention', nothingOwed: true }, { person: 'p-1' });
    expect((await ask(privacy, 'makers/R1-C/erasure/approval', {}, { person: 'p-2' })).status).toBe(200);
    expect(await dueOf()).toEqual([listed[0]]);
  });
});

describe('T13: keys', () => {
  it('of persons whom an earlier version has sealed come by rotation, during an import, and nothing is lost', async () => {
    await open('K1');
    const ids = Array.from({ length: 60 }, (_, index) => `K1-${index}`);
    const rowOf = (id: string, version: number) => `${id},K1,REG ${id},Wayan ${id} v${version},Perajin,false,false`;
    expect((await importMakers(...ids.map((id) => rowOf(id, 1)))).status).toBe(200);
    await sealAsBefore(ids.slice(0, 30));
    await app.get<Database>(KEY_DATABASE).query('DELETE FROM person_key WHERE maker_id = ANY($1)', [ids.slice(0, 30)]);

    const of = (...keys: [Key, ...Key[]]) => {
      const personalData = new PersonalData(keys, keys);
      const personKeys = new PersonKeyRepository(app.get(KEY_DATABASE), personalData);
      return {
        personKeys,
        persons: new PersonRepository(database, personKeys, personalData, new ConsentRepository(database)),
      };
    };
    const rotating = of(next, old);
    const [, resealed, ...imported] = await Promise.all([
      rotating.personKeys.rewrap(),
      rotating.persons.reseal(),
      ...[0, 20, 40].map((from) => importMakers(...ids.slice(from, from + 20).map((id) => rowOf(id, 2)))),
    ]);
    expect(imported.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(resealed).toBeGreaterThan(0);
    await rotating.personKeys.rewrap();
    await rotating.persons.reseal();
    expect([await rotating.personKeys.rewrap(), await rotating.persons.reseal()]).toEqual([0, 0]);

    const reader = { person: 'p', client: 'c', route: 'r', purpose: 'x', officerOf: ['K1'], adultsOf: ['K1'] };
    const alone = of(next).persons;
    const found = await alone.open(reader, { makerIds: ids });
    expect(found.map(({ name }) => name).sort()).toEqual(ids.map((id) => `Wayan ${id} v2`).sort());
    expect(await alone.open(reader, { registrationNo: 'REG K1-7' })).toMatchObject([{ makerId: 'K1-7' }]);
    expect(await namesOf(['officer@facility:K1'], 'K1-7')).toEqual(['K1-7']); // the service knows both
    await expect(of(old).persons.open(reader, { makerIds: ids })).rejects.toThrow('not to be opened');
  });

  it('a dump of the catalogue and one of the keys name nobody', async () => {
    for (const { url } of [catalogue, keyDatabase]) {
      const dump = await copyDatabase(url);
      expect(dump).toContain('N2-A');
      for (const secret of ['Wayan', 'Anak', 'REG N', 'Perajin', 'Formulir']) {
        expect(dump).not.toContain(secret);
        expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
      }
    }
  });
});

/** As versions before this one have sealed: all under one key. */
async function sealAsBefore(makerIds: readonly string[]): Promise<void> {
  const sealer = new Sealer([old], 'pasindo personal data: seal');
  for (const makerId of makerIds) {
    const identity = { registration_no: `REG ${makerId}`, name: `Wayan ${makerId} v1`, display_name: 'Perajin' };
    const sealed = sealer.seal(Buffer.from(JSON.stringify(identity)), makerId);
    await database.query('UPDATE maker_person SET sealed = $2, registration_index = NULL WHERE maker_id = $1', [
      makerId,
      sealed,
    ]);
  }
}
