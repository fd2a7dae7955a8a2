import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowAccess } from '#libs/database';
import { postEveryKind } from '../../../../test/kit/every-kind.ts';
import { startLedger, type TestedLedger } from '../../../../test/kit/ledger.ts';
import type { StoryView } from './story.dto.ts';
import { StoryService } from './story.service.ts';

let ledger: TestedLedger;
const made = (weights: Record<string, string>, more: object = {}) => ({
  ...{ lotId: 'L1', quantity: 2, unitCost: 180_000, measure: 'hours' as const },
  contributions: Object.entries(weights).map(([makerId, weight]) => ({ makerId, weight })),
  ...more,
});
/** Of a month that is closed: it counts for the next, and is shared as was agreed then. */
const placedAt = '2026-01-05T03:00:00Z';
beforeAll(async () => {
  ledger = await startLedger();
  await postEveryKind(ledger);
  const hours = { P1: '32', P2: '24.5', P3: '16' };
  const bags = { sku: 'tas-kulit', quantity: 2, unitPrice: 475_000, fees: 47_501, shipping: 20_000 };
  await ledger.sell({ orderRef: 'bags', placedAt, lines: [{ ...bags, portions: [made(hours)] }] });
  const lots = [
    made({ P1: '4', P2: '6' }, { quantity: 1 }),
    made({ P1: '0', P2: '0' }, { lotId: 'L2', quantity: 1, measure: 'equal' as const }),
  ];
  await ledger.sell({ orderRef: 'two lots', placedAt, lines: [{ ...bags, portions: lots }] });
  await ledger.sell({
    orderRef: 'alone',
    placedAt,
    lines: [{ sku: 'batik', portions: [made({ P4: '3' }, { quantity: 1, unitCost: 0 })] }],
  });
  await ledger.refund({ orderRef: 'bags', amount: 475_000, occurredAt: '2026-02-05T03:00:00Z' });
});
afterAll(() => ledger.close());

const storyOf = (makerId: string, month = '2026-02'): Promise<StoryView> =>
  ledger.get(`makers/${makerId}/story?month=${month}`);

it('tells a maker what was sold and what is his or her part, and names nobody else', async () => {
  const { items, balances } = await storyOf('P1');
  expect(items).toMatchObject([
    {
      ...{
        postedOn: '2026-02-01',
        kind: 'sale',
        sku: 'tas-kulit',
        units: 2,
        amount: 115_310,
        account: 'wages-pending',
        version: 1,
      },
      plain: {
        id: 'tas-kulit, 2 terjual: Anda 32 dari 72,5 jam',
        en: 'tas-kulit, 2 sold: you 32 of 72.5 hours',
      },
    },
    { plain: { id: 'tas-kulit, 2 terjual: Anda 4 dari 10 jam pada lot L1, Anda 1 dari 2 bagian sama pada lot L2' } },
    {
      ...{ kind: 'refund', sku: 'tas-kulit', units: 1, amount: -57_655 },
      plain: { id: 'tas-kulit, 1 dikembalikan pembeli: bagian Anda ditarik kembali' },
    },
  ]);
  expect(balances).toMatchObject({ owner: 'maker:P1', pending: items.reduce((sum, { amount }) => sum + amount, 0) });
  expect(JSON.stringify(items)).not.toMatch(/P2|P3/);
  expect((await storyOf('P4', '2026-02')).items).toMatchObject([
    { plain: { en: 'batik, 1 sold: you made all of it' } },
  ]);
});

it('tells every kind of what moves a maker’s money, and adds up to it', async () => {
  const makers = await ledger.database.query<{ makerId: string; balance: number; kinds: string[] }>(
    `SELECT substr(owner, 7) AS "makerId", -sum(amount)::bigint AS balance
       FROM account JOIN entry USING (account_id) WHERE starts_with(owner, 'maker:') AND posted_on < '2026-03-01' GROUP BY owner`,
  );
  const told = new Set<string>();
  for (const { makerId, balance } of makers) {
    const items = [...(await storyOf(makerId, '2026-01')).items, ...(await storyOf(makerId, '2026-02')).items];
    expect({ makerId, sum: items.reduce((sum, { amount }) => sum + amount, 0) }).toEqual({ makerId, sum: balance });
    for (const { plain, kind } of items) {
      expect(`${plain.id} ${plain.en}`).not.toMatch(/undefined|null|NaN|\[object|Perubahan lain|^, /);
      told.add(kind);
    }
  }
  const kinds = await ledger.database.query<{ kind: string }>(
    `SELECT DISTINCT kind FROM journal JOIN entry USING (journal_id) JOIN account USING (account_id) WHERE starts_with(owner, 'maker:')`,
  );
  expect([...told].sort()).toEqual(kinds.map(({ kind }) => kind).sort());
});

it('is told to the maker, and to where the maker is seated; of anybody else there is none', async () => {
  const tell = (makerId: string, scope: { facilities: string[]; maker?: string }) =>
    rowAccess.run({ scope }, () => ledger.app.get(StoryService, { strict: false }).tell(makerId, '2026-01'));
  expect((await tell('M1', { facilities: [], maker: 'M1' }))?.items.length).toBeGreaterThan(0);
  expect(await tell('M1', { facilities: [], maker: 'M2' })).toBeUndefined();
  expect(await tell('M1', { facilities: ['F3'] })).toBeUndefined();
  const reads = await ledger.database.query<{ makers: string[] }>(
    `SELECT maker_ids AS makers FROM personal_read WHERE route = 'GET /v1/makers/:makerId/story'`,
  );
  expect(reads.map(({ makers }) => makers)).toContainEqual(['P1']); // whom the first test told of
  expect(await ledger.get('makers/nobody/story')).toMatchObject({ status: 404 });
  expect(await ledger.get('makers/M1/story?month=2026-13')).toMatchObject({ status: 400 });
});
