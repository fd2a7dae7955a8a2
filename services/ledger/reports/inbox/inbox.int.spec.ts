import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenOf } from '../../../../test/kit/issuer.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import { eventually } from '../../../../test/kit/service.ts';
import { AgreementRepository } from '../../sharing/agreements/agreement.repository.ts';

interface Action {
  readonly name: string;
  readonly allowed: boolean;
  readonly why: { readonly code: string; readonly message: { readonly id: string; readonly en: string } } | null;
}
interface Item {
  readonly kind: string;
  readonly id: string;
  readonly version: number | null;
  readonly facilityId: string | null;
  readonly amount: number | null;
  readonly status: string;
  readonly actions: readonly Action[];
}

let ledger: TestedLedger;
let address: string;

async function ask(path: string, person: string | undefined, grants: string[], body?: object) {
  const response = await fetch(`${address}/v1/${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${await tokenOf({ ...(person && { person }), grants })}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected
  return { status: response.status, body: (await response.json()) as any };
}
const drafts = (path: string, body: object, person = 'p-drafter') => ask(path, person, ['drafter@national'], body);
async function inbox(query: string, person: string | undefined, ...grants: string[]) {
  const answer = await ask(`decisions?${query}`, person, grants);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as { items: Item[]; open: number; mine: number; nextCursor?: string };
}
const kindsOf = ({ items }: { items: readonly Item[] }) => items.map(({ kind }) => kind);
/** `approval`, or `approval: same-person` of those that are not allowed. */
const told = ({ actions }: { actions: readonly Action[] }) =>
  actions.map(({ name, allowed, why }) => (allowed ? name : `${name}: ${why?.code}`));
const ofKind = ({ items }: { items: readonly Item[] }, kind: string) =>
  items.find((item) => item.kind === kind && item.status !== 'approved') as Item;

let payoutId: string;
beforeAll(async () => {
  ledger = await startLedger();
  address = await ledger.app.getUrl();
  for (const facilityId of ['F1', 'F2'])
    await ledger.sell({ orderRef: `of-${facilityId}`, facilityId, lines: [{ unitPrice: 400_000 }] });
  const at = { facilityId: 'F1', occurredAt: '2026-02-05T03:00:00Z' };
  const entries = (maker: string, amount: number) => [
    { account: 'facility:F1:earnings', amount },
    { account: `maker:${maker}:wages`, amount: -amount },
  ];
  const earned = await drafts('adjustments', {
    ...at,
    reason: 'earned',
    type: 'adjustment',
    entries: entries('M1', 9_000),
  });
  const approval = `adjustments/${earned.body.adjustmentId}/approval`;
  expect(await ask(approval, 'p-approver', ['approver@national'], {})).toMatchObject({ status: 200 });
  payoutId = (await drafts('payouts', { facilityId: 'F1', bank: 'bri', upTo: '2026-02-28' })).body.payoutId;
  const billed = { facilityId: 'F1', bank: 'bri', amount: 1_000, billingCode: '820260206000001' };
  const wrong = { ...at, reason: 'correction', type: 'adjustment', entries: entries('M1', 70) };
  const frozen = { ...at, makerId: 'M1', reason: 'fled', because: 'escape' };
  const { agreement } = (await new AgreementRepository().approved(ledger.database))[0] as {
    agreement: { id: string; version: number };
  };
  const next = {
    scope: { level: 'national' },
    effectiveFrom: '2030-01-01T00:00:00+07:00',
    definition: { ...agreement, version: agreement.version + 1 },
  };
  await ledger.refund({ orderRef: 'never-sold', amount: 5_000 });
  const { items: refused } = await ledger.get('refused-events');
  for (const answer of [
    await drafts('deposits', billed),
    await drafts('adjustments', wrong),
    await drafts('maker-events/freezes', frozen),
    await drafts('agreements', next),
    await drafts('periods/2026-01/close', { reason: 'month end' }),
    await drafts(`refused-events/${refused[0].eventId}/discard`, { reason: 'nobody knows it' }),
  ])
    expect(answer.status).toBeLessThan(300);
  await eventually(
    () => inbox('kind=period', 'p-approver', 'approver@national'),
    ({ items: [period] }) => period !== undefined && !told(period).includes('approval: checking'),
  );
});
afterAll(() => ledger.close());

const OPEN = ['payout', 'deposit', 'adjustment', 'maker-event', 'agreement', 'period', 'refused-event'];

describe('one inbox of all kinds', () => {
  it('has what is open in the order of drafting, with what it moves and by whom it was drafted', async () => {
    const page = await inbox('state=open', 'p-approver', 'approver@national');
    expect(kindsOf(page)).toEqual(OPEN);
    expect(page).toMatchObject({
      open: 7,
      mine: 5, // neither a payout that nobody has reviewed nor a deposit
      items: [
        {
          id: payoutId,
          facilityId: 'F1',
          amount: 9_000,
          status: 'draft',
          drafted: { by: 'p-drafter' },
          reviewed: null,
        },
        { amount: 1_000, about: '820260206000001', decided: null },
        { amount: 70, type: 'adjustment' },
        { amount: null, type: 'freeze', about: 'M1' },
        { id: 'ID-1990', version: 2, facilityId: null, type: 'national' },
        { type: 'close', about: '2026-01', facilityId: null },
        { type: 'sale-unknown', about: expect.stringContaining('never-sold'), facilityId: null, amount: null },
      ],
    });
    expect((await inbox('', 'p-approver', 'approver@national')).items).toHaveLength(9); // and what was approved
    expect(await inbox('state=approved&facilityId=F1', 'p-approver', 'approver@national')).toMatchObject({
      items: [
        { kind: 'adjustment', amount: 9_000, decided: { by: 'p-approver', at: expect.any(String), because: null } },
      ],
      open: 4,
    });
  });

  it('is turned over page by page, each decision once', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await inbox(`state=open&limit=2${cursor}`, 'p-approver', 'approver@national');
      seen.push(...kindsOf(page));
      expect(page.open).toBe(7);
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(OPEN);
  });

  it('shows who sees a facility what is its own, and nothing of the nation', async () => {
    expect(kindsOf(await inbox('state=open', 'p-local', 'approver@facility:F1'))).toEqual(OPEN.slice(0, 4));
    expect(await inbox('state=open', 'p-local', 'approver@facility:F2')).toEqual({ items: [], open: 0, mine: 0 });
    const closed = await inbox('kind=refused-event', 'p-local', 'approver@facility:F1');
    expect(closed).toEqual({ items: [], open: 0, mine: 0 });
    expect(await inbox('facilityId=F1', 'p-local', 'approver@facility:F2')).toEqual({ items: [], open: 0, mine: 0 });
  });
});

describe('what whoever asks may do', () => {
  it('is what his role allows, and says why not', async () => {
    const page = await inbox('state=open', 'p-approver', 'approver@national');
    expect(told(ofKind(page, 'payout'))).toEqual([
      'review: not-granted',
      'approval: not-reviewed',
      'rejection',
      'withdrawal: not-granted',
    ]);
    expect(told(ofKind(page, 'deposit'))).toEqual(['receipt: not-granted']);
    expect(told(ofKind(page, 'adjustment'))).toEqual(['approval', 'rejection', 'withdrawal: not-granted']);
    const [, approval] = ofKind(page, 'payout').actions;
    expect(approval?.why?.message).toEqual({
      en: 'It is a draft, and would have to be reviewed.',
      id: 'Masih usulan; harus ditinjau dahulu.',
    });
  });

  it('is nothing of what somebody else’s facility decides, and not the second step of his own', async () => {
    const own = await inbox('state=open', 'P-Drafter', 'drafter@national');
    expect(told(ofKind(own, 'deposit'))).toEqual(['receipt: same-person']);
    expect(told(ofKind(own, 'adjustment'))).toEqual(['approval: not-granted', 'rejection', 'withdrawal']);
    const other = await inbox('state=open', 'p-other', 'drafter@national');
    expect(told(ofKind(other, 'deposit'))).toEqual(['receipt']);
    expect(told(ofKind(other, 'adjustment'))).toEqual([
      'approval: not-granted',
      'rejection',
      'withdrawal: not-its-drafter',
    ]);
    const mixed = await inbox('state=open', 'p-mixed', 'overseer@national', 'drafter@facility:F2');
    expect(told(ofKind(mixed, 'payout'))).toEqual(
      ['review', 'approval', 'rejection', 'withdrawal'].map((name) => `${name}: not-granted`),
    );
    const program = await inbox('state=open', undefined, 'drafter@national');
    expect(told(ofKind(program, 'adjustment'))).toContain('rejection: person-needed');
    const late = await tokenOf({ person: 'p-late', grants: ['approver@national'], claims: { auth_time: 1 } });
    const response = await fetch(`${address}/v1/decisions?kind=adjustment&state=open`, {
      headers: { authorization: `Bearer ${late}` },
    });
    expect(told(((await response.json()) as { items: [Item] }).items[0])).toContain('approval: sign-in-again');
  });

  it('every view says as the inbox does, and what is allowed is what is done', async () => {
    const before = await inbox('state=open&kind=payout', 'p-other', 'drafter@national');
    const view = await ask(`payouts/${payoutId}`, 'p-other', ['drafter@national']);
    expect(view.body.actions).toEqual(before.items[0]?.actions);
    expect(told(view.body)).toEqual(['review', 'approval: not-granted', 'rejection', 'withdrawal: not-its-drafter']);
    expect((await ask('payouts', 'p-other', ['drafter@national'])).body.items[0].actions).toEqual(view.body.actions);
    const reviewed = await ask(`payouts/${payoutId}/review`, 'p-other', ['drafter@national'], {});
    expect(told(reviewed.body)[0]).toBe('review: already-reviewed');
    const paths = {
      deposit: 'deposits',
      adjustment: 'adjustments',
      'maker-event': 'maker-events',
      agreement: 'agreements',
      period: 'periods',
    };
    for (const grants of [['approver@national'], ['drafter@national']]) {
      const page = await inbox('', 'p-anybody', ...grants);
      for (const [kind, path] of Object.entries(paths)) {
        const { body } = await ask(path, 'p-anybody', grants);
        const views = (body.items as { actions: Action[] }[]).map(({ actions }) => actions);
        const items = page.items.filter((item) => item.kind === kind).map(({ actions }) => actions);
        if (kind !== 'agreement') expect(views).toEqual(items);
        else expect(new Set(views.map(told2))).toEqual(new Set(items.map(told2)));
      }
    }
  });

  it('an event that nothing will be posted for is decided by its routes, and a redrive is no decision', async () => {
    const { id } = ofKind(await inbox('state=open', 'p-approver', 'approver@national'), 'refused-event');
    const approval = `refused-events/${id}/discard/approval`;
    const page = await inbox('kind=refused-event', 'p-drafter', 'approver@national');
    expect(told(page.items[0] as Item)).toEqual(['approval: same-person', 'rejection', 'withdrawal: not-granted']);
    expect(await ask(approval, 'p-drafter', ['approver@national'], {})).toMatchObject({ status: 403 });
    await ledger.refund({ orderRef: 'early', amount: 5_000 });
    await ledger.sell({ orderRef: 'early', lines: [{}] });
    const { items } = await ledger.get('refused-events');
    const redrive = `refused-events/${items.at(-1).eventId}/redrive`;
    expect(await drafts(redrive, { reason: 'it was sold since' })).toMatchObject({ status: 200 });
    expect((await inbox('', 'p-approver', 'approver@national')).items).toHaveLength(9);
    expect(await inbox('kind=refused-event&state=approved', 'p-approver', 'approver@national')).toMatchObject({
      items: [],
    });
  });

  it('what is his to review or approve is found, and no more', async () => {
    for (const [person, ...grants] of [
      ['p-approver', 'approver@national'],
      ['p-drafter', 'drafter@national'],
      ['p-other', 'drafter@national'], // who has reviewed the payout
      ['p-third', 'drafter@facility:F1', 'overseer@national'],
      ['p-local', 'approver@facility:F1'],
      ['p-auditor', 'auditor@national'],
    ] as const) {
      const all = await inbox('state=open', person, ...grants);
      const waiting = all.items.filter(({ actions }) =>
        actions.some(({ name, allowed }) => allowed && ['review', 'approval', 'receipt'].includes(name)),
      );
      const mine = await inbox('mine=true', person, ...grants);
      expect(mine.items).toEqual(waiting);
      expect([all.mine, mine.mine, mine.open]).toEqual([waiting.length, waiting.length, waiting.length]);
    }
    expect(kindsOf(await inbox('mine=true', 'p-approver', 'approver@national'))).toEqual(
      OPEN.filter((kind) => kind !== 'deposit'),
    );
    expect((await inbox('mine=true', 'p-auditor', 'auditor@national')).items).toEqual([]);
  });
});

const told2 = (actions: readonly Action[]) => told({ actions }).join();
