/** T6: what one person drafts he does not decide, however he comes: the services refuse it, and so does the database. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '#libs/messaging';
import { tokenOf } from '../../test/kit/issuer.ts';
import { startLedger, type TestedLedger } from '../../test/kit/ledger.ts';
import { eventually } from '../../test/kit/service.ts';
import { id1990 } from './sharing/agreements/id-1990.ts';

const NATIONAL = { draft: ['drafter@national'], decide: ['approver@national'] };
const own = { ...process.env };

let ledger: TestedLedger;
let owner: pg.Client;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(
  path: string,
  body: object | undefined,
  { person, grants, claims }: { person?: string; grants: readonly string[]; claims?: Record<string, unknown> },
): Promise<Answer> {
  const token = await tokenOf({ ...(person !== undefined && { person }), grants, claims: { acr: 'mfa', ...claims } });
  const response = await fetch(`${await ledger.app.getUrl()}/v1/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': newId() },
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function done(path: string, body: object, person = 'p-17', grants: readonly string[] = NATIONAL.draft) {
  const answer = await ask(path, body, { person, grants });
  expect([path, answer.body.title, answer.status < 300]).toEqual([path, undefined, true]);
  return answer.body;
}

/** Who has come as an approver for long: what is refused is refused for another reason. */
const KNOWN = ['p-17', 'p-18', 'p-19', 'p-20'];

beforeAll(async () => {
  Object.assign(process.env, { APPROVER_REST_HOURS: '24', OIDC_APPROVER_ACR: 'mfa' });
  ledger = await startLedger();
  owner = new pg.Client(ledger.url);
  await owner.connect();
  await owner.query(
    `INSERT INTO known_approver SELECT person, now() - interval '25 hours' FROM unnest($1::text[]) AS person`,
    [KNOWN],
  );
  for (const facilityId of ['F1', 'F2']) await ledger.sell({ orderRef: 'one', facilityId, lines: [{}] });
  const { adjustmentId } = await done('adjustments', {
    ...{ type: 'opening', facilityId: 'F1', occurredAt: '2026-01-02T03:00:00Z', reason: 'books before these' },
    entries: [
      { account: 'bank:bri@F1', amount: 150_000 },
      { account: 'maker:M1:wages', amount: -100_000 },
      { account: 'state:pnbp@F1', amount: -50_000 },
    ],
  });
  await done(`adjustments/${adjustmentId}/approval`, {}, 'p-19', NATIONAL.decide);
});
afterAll(async () => {
  await owner.end();
  await ledger.close();
  Object.assign(process.env, own);
  delete process.env.OIDC_APPROVER_ACR;
});

interface Kind {
  readonly draft: () => Promise<{ view: string; decision: string; key: string }>;
  /** What deciding says besides. */
  readonly body?: object;
  readonly grants: { readonly draft: readonly string[]; readonly decide: readonly string[] };
  /** Approves in SQL what has the key $1, by $2; refused by which constraint. */
  readonly sql: string;
  readonly constraint: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  'a payout': {
    draft: async () => {
      const { payoutId } = await done('payouts', { facilityId: 'F1', bank: 'bri', upTo: '2026-01-31' });
      await done(`payouts/${payoutId}/review`, {}, 'p-18');
      return { view: `payouts/${payoutId}`, decision: `payouts/${payoutId}/approval`, key: `${payoutId}` };
    },
    grants: NATIONAL,
    sql: `UPDATE payout SET status = 'approved', decided_by = $2, decided_at = now() WHERE payout_id = $1`,
    constraint: 'approved_by_another',
  },
  'an agreement': {
    draft: async () => {
      const scope = { level: 'facility', id: 'F9' };
      const definition = { ...id1990, id: 'T6' };
      await done('agreements', { scope, effectiveFrom: '2030-01-01T00:00:00+07:00', definition });
      return { view: 'agreements/T6/1', decision: 'agreements/T6/1/approval', key: 'T6' };
    },
    grants: NATIONAL,
    sql: `UPDATE agreement SET status = 'approved', approved_by = $2, approved_at = now() WHERE agreement_id = $1`,
    constraint: 'approved_by_another',
  },
  'the close of a month': {
    draft: async () => {
      const { decisionId } = await done('periods/2026-01/close', { reason: 'month end' });
      const view = `periods/decisions/${decisionId}`;
      const asked = () => ask(view, undefined, { person: 'p-1', grants: ['auditor@national'] });
      await eventually(asked, ({ body }) => body.status !== 'checking');
      return { view, decision: `${view}/approval`, key: `${decisionId}` };
    },
    grants: NATIONAL,
    sql: 'UPDATE period_decision SET approved_by = $2, approved_at = now() WHERE decision_id = $1',
    constraint: 'approved_by_another',
  },
  'a deposit': {
    draft: async () => {
      const billed = { facilityId: 'F1', bank: 'bri', amount: 50_000, billingCode: '820260115000001' };
      const { depositId } = await done('deposits', billed);
      return { view: 'deposits', decision: `deposits/${depositId}/receipt`, key: `${depositId}` };
    },
    body: { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: '2026-01-16T03:00:00Z' },
    grants: { draft: NATIONAL.draft, decide: NATIONAL.draft },
    sql: `UPDATE deposit SET confirmed_by = $2, ntpn = '0A1B2C3D4E5F6G7H', deposited_at = now(), journal_id = gen_random_uuid()
           WHERE deposit_id = $1`,
    constraint: 'confirmed_by_another',
  },
};

/** The same person, in other letters and with blanks around. */
const SPELLINGS = ['p-17', 'P-17', 'Ｐ-１７'];
const long = { auth_time: Math.floor(Date.now() / 1_000) - 1_000 };

describe.each(Object.entries(kinds))('%s', (_, { draft, body = {}, grants, sql, constraint }) => {
  let made: Awaited<ReturnType<typeof draft>>;
  let before: unknown;
  const view = async () => (await ask(made.view, undefined, { person: 'p-1', grants: ['auditor@national'] })).body;
  const isApproving = grants.decide === NATIONAL.decide;

  beforeAll(async () => {
    made = await draft();
    before = await view();
  });

  it.each<[how: string, who: Parameters<typeof ask>[2], status: number, title: string]>([
    ...SPELLINGS.map((person, index): [string, Parameters<typeof ask>[2], number, string] => [
      `who drafted it, as ${person} by another program`,
      { person, grants: grants.decide, claims: { client_id: `program-${index}` } },
      403,
      'Not by its creator',
    ]),
    ['who drafted it, with a blank behind', { person: 'p-17 ', grants: grants.decide }, 401, 'Not signed in'],
    ['a program', { grants: grants.decide }, 403, 'A person is needed'],
    [
      'an approver who drafts',
      { person: 'p-20', grants: [...NATIONAL.draft, ...NATIONAL.decide] },
      403,
      'Grants refused',
    ],
    [
      isApproving ? 'a drafter' : 'an approver',
      { person: 'p-20', grants: isApproving ? NATIONAL.draft : NATIONAL.decide },
      403,
      'Not allowed',
    ],
  ])('is not decided by %s', async (_, who, status, title) => {
    const answer = await ask(made.decision, body, who);
    expect([answer.status, answer.body.title]).toEqual([status, title]);
    expect(await view()).toEqual(before);
  });

  const approversOnly = isApproving ? it : undefined;
  approversOnly?.each<[how: string, person: string, claims: Record<string, unknown>]>([
    ['is new', 'p-99', {}],
    ['does not say how strongly he signed in', 'p-20', { acr: undefined }],
    ['signed in too weakly', 'p-20', { acr: 'pwd' }],
    ['does not say when he signed in', 'p-20', { auth_time: undefined }],
    ['signed in too long ago', 'p-20', long],
  ])('is not decided by an approver who %s', async (_, person, claims) => {
    const answer = await ask(made.decision, body, { person, grants: grants.decide, claims });
    expect([answer.status, answer.body.title]).toEqual([403, 'Not to approve now']);
    expect(await view()).toEqual(before);
  });

  it.each([...SPELLINGS, ' p-17\t'])('nor by %j in SQL', async (person) => {
    await expect(owner.query(sql, [made.key, person])).rejects.toMatchObject({ code: '23514', constraint });
    expect(await view()).toEqual(before);
  });

  it('is decided by another', async () => {
    const answer = await ask(made.decision, body, { person: 'p-20', grants: grants.decide });
    expect([answer.status, answer.body.title]).toEqual([200, undefined]);
    expect(await view()).not.toEqual(before);
  });
});

it('a payout is not approved by who reviewed it either, nor in SQL', async () => {
  const { adjustmentId } = await done('adjustments', {
    ...{ type: 'opening', facilityId: 'F2', occurredAt: '2026-02-02T03:00:00Z', reason: 'books before these' },
    entries: [
      { account: 'bank:bri@F2', amount: 1_000 },
      { account: 'maker:M1:wages', amount: -1_000 },
    ],
  });
  await done(`adjustments/${adjustmentId}/approval`, {}, 'p-19', NATIONAL.decide);
  const { payoutId } = await done('payouts', { facilityId: 'F2', bank: 'bri', upTo: '2026-02-28' });
  await done(`payouts/${payoutId}/review`, {}, 'p-18');
  const answer = await ask(`payouts/${payoutId}/approval`, {}, { person: 'P-18', grants: NATIONAL.decide });
  expect([answer.status, answer.body.title]).toEqual([403, 'Not by its creator']);
  const sql = `UPDATE payout SET status = 'approved', decided_by = $2, decided_at = now() WHERE payout_id = $1`;
  for (const person of ['p-18', 'P-18', 'Ｐ-18 '])
    await expect(owner.query(sql, [payoutId, person])).rejects.toMatchObject({ constraint: 'approved_by_neither' });
});
