/** T14 in the ledger: nothing of a maker, nor of a message that failed, is told before it is written down to whom. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { topics } from '#libs/contracts';
import { KafkaBroker } from '#libs/messaging/kafka';
import { tokenOf } from '../../test/kit/issuer.ts';
import { startLedger, type TestedLedger } from '../../test/kit/ledger.ts';
import { eventually } from '../../test/kit/service.ts';

let ledger: TestedLedger;
let owner: pg.Client;
beforeAll(async () => {
  ledger = await startLedger();
  owner = new pg.Client(ledger.url);
  await owner.connect();
  await ledger.sell({ orderRef: 'one', lines: [{}] });
  await owner.query(`INSERT INTO maker_seat (maker_id, facility_id) VALUES ('M1', 'F1')`);
});
afterAll(async () => {
  await owner.end();
  await ledger.close();
});

async function ask(
  path: string,
  grant: string,
  { person = 'p-1', purpose }: { person?: string; purpose?: string } = {},
) {
  const isProgram = person === '';
  const authorization = `Bearer ${await tokenOf({ ...(!isProgram && { person }), grants: [grant] })}`;
  const response = await fetch(`${await ledger.app.getUrl()}/v1/${path}`, {
    headers: { authorization, ...(purpose !== undefined && { 'x-purpose': purpose }) },
  });
  return { status: response.status, text: await response.text() };
}

interface Read {
  readonly number: number;
  readonly person: string;
  readonly route: string;
  readonly purpose: string;
  readonly makerIds: readonly string[];
}
async function reads(): Promise<Read[]> {
  const { text } = await ask('personal-reads', 'privacy@national');
  return (JSON.parse(text) as { items: Read[] }).items;
}

it.each(['statement', 'standing'])('the %s of a maker', async (what) => {
  const path = `makers/M1/${what}`;
  const before = await reads();
  for (const purpose of [undefined, '', 'curiosity', 'repair']) {
    const { status, text } = await ask(path, 'officer@facility:F1', { ...(purpose !== undefined && { purpose }) });
    expect([status, JSON.parse(text).errors[0].field]).toEqual([400, 'X-Purpose']);
  }
  expect((await ask(path, 'auditor@national', { person: '', purpose: 'incident' })).status).toBe(403);
  expect((await ask(path, 'maker@maker:M2')).status).toBe(403);
  expect(await reads()).toEqual(before);

  expect((await ask(path, 'maker@maker:M1')).status).toBe(200); // what is one's own needs no purpose
  expect(await reads()).toEqual(before);

  expect((await ask(path, 'officer@facility:F1', { person: 'p-7', purpose: 'statement' })).status).toBe(200);
  const [last, ...earlier] = await reads();
  expect(earlier).toEqual(before);
  expect(last).toMatchObject({
    person: 'p-7',
    route: `GET /v1/makers/:makerId/${what}`,
    purpose: 'statement',
    makerIds: ['M1'],
  });
  const { text } = await ask('personal-reads?makerId=M1&limit=1', 'auditor@national');
  expect((JSON.parse(text) as { items: Read[] }).items).toEqual([last]);
  expect((await ask('personal-reads', 'officer@facility:F1')).status).toBe(403);
});

it('is told to nobody while the row cannot be written, and the row is kept', async () => {
  await owner.query('ALTER TABLE personal_read ADD CONSTRAINT refuses_all CHECK (false) NOT VALID');
  for (const what of ['statement', 'standing']) {
    const { status, text } = await ask(`makers/M1/${what}`, 'auditor@national', { purpose: 'incident' });
    expect([status, /paidBy|closing/.test(text)]).toEqual([500, false]);
  }
  await owner.query('ALTER TABLE personal_read DROP CONSTRAINT refuses_all');
  for (const change of [
    "UPDATE personal_read SET person = 'p-9'",
    'DELETE FROM personal_read',
    'TRUNCATE personal_read',
  ])
    await expect(owner.query(change)).rejects.toThrow(/keeps who read what/);
});

it('what is in a message that failed', async () => {
  const value = `cut off: ${randomUUID()}`;
  const publisher = new KafkaBroker('orders').publisher();
  await publisher.publish([{ topic: topics.sale.name, key: 'F1', headers: {}, value }]);
  await publisher.close();
  const listed = await eventually(
    async () =>
      (JSON.parse((await ask('dead-letters', 'operator@national')).text) as { items: { id: string }[] }).items,
    ({ length }) => length > 0,
  );
  const path = `dead-letters/${listed[0]?.id}`;
  expect((await ask(path, 'operator@national', { person: '' })).status).toBe(403);
  const before = await reads();
  const { status, text } = await ask(path, 'operator@national', { person: 'p-8' });
  expect([status, text.includes(value)]).toEqual([200, true]);
  const [last, ...earlier] = await reads();
  expect(earlier).toEqual(before);
  expect(last).toMatchObject({ person: 'p-8', route: `GET /v1/${path}`, purpose: 'repair', makerIds: [] });
});
