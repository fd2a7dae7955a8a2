import {
  chargeBorne,
  chargeCleared,
  disbursementFailed,
  disbursementPaid,
  moneyCleared,
  moneyHeld,
  type SaleSettled,
  saleSettled,
  UNALLOCATED,
  walletWithdrawn,
} from '#libs/contracts';
import { newEvent, newId } from '#libs/messaging';
import type { AdjustmentEntry, EntriesType } from '../../services/ledger/decisions/adjustments/adjustment.ts';
import type { Happening } from '../../services/ledger/decisions/maker-events/maker-event.ts';
import { openBooksFor } from '../../services/ledger/sales/sales/event-posting.service.ts';
import type { Agreement } from '../../services/ledger/sharing/agreements/agreement.ts';
import { id1990 } from '../../services/ledger/sharing/agreements/id-1990.ts';
import type { TestedLedger } from './ledger.ts';
import { ledgerServices } from './ledger-services.ts';
import { eventually } from './service.ts';

const cause = { correlationId: newId() };

const line = (unitPrice: number, makers: [id: string, weight: string][], more: object = {}) => {
  const contributions = makers.map(([makerId, weight]) => ({ makerId, weight }));
  const portions = [{ lotId: 'L1', quantity: 1, unitCost: 0, measure: 'hours' as const, contributions }];
  return { unitPrice, portions, ...more };
};

/** A month with every kind of journal, and what happened to makers after it; mostly at F1. */
export async function postEveryKind(ledger: TestedLedger): Promise<void> {
  const { database } = ledger;
  const services = ledgerServices(database);

  async function settle(
    orderRef: string,
    amounts: Partial<
      Pick<SaleSettled, 'fee' | 'shipping' | 'withheldTax' | 'revenue' | 'paidOut' | 'settles' | 'tolerance'>
    >,
    facilityId = 'F1',
  ) {
    const orderId = `blanja/${orderRef}`;
    const ids = {
      settlementId: `${orderId}~S1`,
      saleId: `${orderId}@${facilityId}`,
      orderId,
      facilityId,
      channel: 'blanja',
    };
    const report = { fee: 0, shipping: 0, withheldTax: 0, ...amounts, bank: 'bri', settledAt: '2026-01-12T03:00:00Z' };
    const event = newEvent(saleSettled, { ...ids, ...report }, cause);
    await database.transaction(async (transaction) =>
      services.settlements.settle(await openBooksFor(transaction, [event]), [event]),
    );
  }

  /** All that is available at F1; those of `sentBack` are paid and come back, those of `failed` are never paid. */
  async function payOut({
    sentBack = [],
    failed = [],
  }: {
    sentBack?: string[];
    failed?: string[];
  } = {}): Promise<string> {
    const proposal = { facilityId: 'F1', bank: 'bri', upTo: '2026-01-31', by: 'p1' };
    const payoutId = await database.transaction((transaction) =>
      services.payouts.propose(transaction, proposal, cause),
    );
    await database.transaction((transaction) => services.payouts.review(transaction, payoutId, 'p1', []));
    await database.transaction((transaction) => services.payouts.approve(transaction, payoutId, 'p2', cause));
    const { items } = (await services.payoutRows.find(database, payoutId)) ?? { items: [] };
    for (const { itemId, amount, account } of items) {
      const ids = { itemId, payoutId, facilityId: 'F1', amount };
      const failure = { ...ids, reason: 'no such account', failedAt: '2026-01-14T03:00:00Z' };
      for (const event of [
        ...(failed.includes(account)
          ? []
          : [newEvent(disbursementPaid, { ...ids, paidAt: '2026-01-13T03:00:00Z' }, cause)]),
        ...([...failed, ...sentBack].includes(account) ? [newEvent(disbursementFailed, failure, cause)] : []),
      ]) {
        await database.transaction(async (transaction) =>
          services.payouts.answer(await openBooksFor(transaction, [event]), [event]),
        );
      }
    }
    return payoutId;
  }

  async function adjust(type: EntriesType, reason: string, entries: AdjustmentEntry[]): Promise<void> {
    const draft = { type, facilityId: 'F1', occurredAt: '2026-01-15T03:00:00Z', reason, by: 'p1', entries };
    const { adjustmentId } = await database.transaction((tx) => services.adjustments.draftEntries(tx, draft));
    await services.adjustments.approve(adjustmentId, 'p2', cause);
  }

  async function agree(agreement: Agreement, facilityId: string, from: string): Promise<void> {
    await database.query(
      `INSERT INTO agreement (agreement_id, version, scope_level, scope_id, effective_from, status, definition, created_by,
                              approved_by, approved_at)
       VALUES ($1, $2, 'facility', $3, $4, 'approved', $5, 'p1', 'p2', now())`,
      [agreement.id, agreement.version, facilityId, from, agreement],
    );
  }

  async function happen(makerId: string, happening: Happening): Promise<void> {
    const draft = { makerId, facilityId: 'F1', occurredAt: '2026-02-03T03:00:00Z', reason: 'SK 17/2026', by: 'p1' };
    const { eventId } = await database.transaction((tx) => services.makerEvents.draft(tx, draft, happening));
    await services.makerEvents.approve(eventId, 'p2', cause);
  }

  await adjust('opening', 'books before these', [
    { account: 'bank:bri@F1', amount: 500_000 },
    { account: 'maker:M7:receivable', amount: 9_000 },
    { account: 'facility:F1:earnings', amount: -509_000 },
  ]);

  // an order whose goods come
  const unknown = { orderId: 'blanja/unknown', facilityId: UNALLOCATED };
  const hold = { ...unknown, channel: 'blanja', occurredAt: '2026-01-05T03:00:00Z', amount: 70_000 };
  const kept = { settlementId: 'blanja/unknown~S1', fee: 4_000, shipping: 1_000, withheldTax: 500, bank: 'bri' };
  for (const event of [
    newEvent(
      moneyHeld,
      { ...hold, holdId: 'blanja/unknown!1', subject: 'settlement-without-order', settlement: kept },
      cause,
    ),
    newEvent(moneyCleared, { ...unknown, upTo: 1 }, cause),
    newEvent(
      moneyHeld,
      { ...hold, holdId: 'blanja/unknown!2', subject: 'order', awaits: 'unknown-sku: line 1' },
      cause,
    ),
    newEvent(
      moneyHeld,
      { ...hold, holdId: 'blanja/unknown!3', subject: 'refund', refundId: 'blanja/unknown/1#R1', amount: 20_000 },
      cause,
    ),
    newEvent(
      moneyHeld,
      { ...hold, holdId: 'blanja/unknown!4', subject: 'settlement', settlement: kept, amount: 50_000 },
      cause,
    ),
  ]) {
    await database.transaction(async (transaction) =>
      services.events.post(await openBooksFor(transaction, [event]), [event]),
    );
  }

  // an order that does not come, and that two persons give to a facility
  const lost = { orderId: 'blanja/lost', facilityId: UNALLOCATED };
  const ofLost = { ...kept, settlementId: 'blanja/lost~S1' };
  const foreign = newEvent(
    moneyHeld,
    { ...hold, ...lost, holdId: 'blanja/lost!1', subject: 'settlement-without-order', settlement: ofLost },
    cause,
  );
  await database.transaction(async (transaction) =>
    services.events.post(await openBooksFor(transaction, [foreign]), [foreign]),
  );
  const assigned = { holdId: 'blanja/lost!1', facilityId: 'F3', reason: 'sold before the programme', by: 'p1' };
  const assignment = await database.transaction((tx) => services.adjustments.draftAssignment(tx, assigned));
  await services.adjustments.approve(assignment.adjustmentId, 'p2', cause);

  // advertising of a store that F1 bears; of one that is known later; and of none, which two persons give to F3
  const charge = {
    ...{ channel: 'blanja', store: 'bali', called: 'Iklan', bank: 'bri', chargedAt: '2026-01-08T03:00:00Z' },
    ...{ withheldTax: 0, paidOut: -21_800 },
  };
  const [known, later, never] = ['blanja/-~Iklan 1', 'blanja/-~Iklan 2', 'blanja/-~Iklan 3'] as const;
  const { store: _, ...ofNoStore } = charge;
  for (const event of [
    newEvent(chargeBorne, { ...charge, chargeId: known, facilityId: 'F1' }, cause),
    newEvent(chargeBorne, { ...charge, chargeId: later, facilityId: UNALLOCATED }, cause),
    newEvent(chargeCleared, { chargeId: later, facilityId: UNALLOCATED }, cause),
    newEvent(chargeBorne, { ...charge, chargeId: later, facilityId: 'F1' }, cause),
    newEvent(chargeBorne, { ...ofNoStore, chargeId: never, facilityId: UNALLOCATED }, cause),
  ]) {
    await database.transaction(async (transaction) =>
      services.events.post(await openBooksFor(transaction, [event]), [event]),
    );
  }
  const given = { holdId: `${never}!1`, facilityId: 'F3', reason: 'the only store of then', by: 'p1' };
  const giving = await database.transaction((tx) => services.adjustments.draftAssignment(tx, given));
  await services.adjustments.approve(giving.adjustmentId, 'p2', cause);

  // from the wallet to a bank: two thirds of it is F1's
  const wallet = { ...charge, called: 'Bonus', bank: 'blanja-wallet' };
  const filled = [
    newEvent(chargeBorne, { ...wallet, chargeId: 'blanja/-~Bonus 1', facilityId: 'F1', paidOut: 20_000 }, cause),
    newEvent(chargeBorne, { ...wallet, chargeId: 'blanja/-~Bonus 2', facilityId: 'F3', paidOut: 10_000 }, cause),
  ];
  const withdrawn = newEvent(
    walletWithdrawn,
    {
      ...{ withdrawalId: 'blanja/-~Withdrawal 1', channel: 'blanja', wallet: 'blanja-wallet', bank: 'bri' },
      ...{ amount: 10_000, withdrawnAt: '2026-01-09T03:00:00Z' },
    },
    cause,
  );
  await database.transaction(async (transaction) =>
    services.events.post(await openBooksFor(transaction, filled), filled),
  );
  await database.transaction((transaction) => services.withdrawals.withdraw(transaction, [withdrawn]));

  // G12: paid out, then refunded; recovered from later releases
  await ledger.sell({ orderRef: 'one', lines: [line(200_000, [['M1', '1']])] });
  await settle('one', {});
  await payOut();
  await ledger.refund({ orderRef: 'one', amount: 200_000 });
  await ledger.sell({ orderRef: 'two', lines: [line(120_002, [['M1', '1']])] });
  await settle('two', {});

  // G18: other fees than expected
  await ledger.sell({
    orderRef: 'fees',
    lines: [line(333_000, [['M2', '1']], { fees: 15_000, shipping: 12_000, tax: 33_000 })],
  });
  await settle('fees', { fee: 16_750, shipping: 11_000, withheldTax: 1_500 });
  await payOut({ sentBack: ['maker:M1:wages'], failed: ['maker:M2:wages'] });

  // G10: makers are recorded after a first refund
  const held = line(300_001, []);
  await ledger.sell({
    orderRef: 'G10',
    lines: [{ ...held, portions: held.portions.map((lot) => ({ ...lot, lotId: 'L9', unitCost: 100_000 })) }],
  });
  await ledger.refund({ orderRef: 'G10', amount: 100_000 });
  const lot = {
    lotId: 'L9',
    measure: 'hours' as const,
    contributions: [
      { makerId: 'M1', weight: '2' },
      { makerId: 'M2', weight: '1' },
    ],
  };
  const recorded = {
    facilityId: 'F1',
    occurredAt: '2026-01-07T03:00:00Z',
    reason: 'the list was found',
    lot,
    by: 'p1',
  };
  const { adjustmentId } = await database.transaction((tx) => services.adjustments.draftContributions(tx, recorded));
  await services.adjustments.approve(adjustmentId, 'p2', cause);
  await ledger.refund({ orderRef: 'G10', amount: 150_000 });

  // F5: own steps to savings and a beneficiary, refunded when neither has it any more
  const own: Agreement = {
    id: 'OWN',
    version: 1,
    basis: 'net-of-costs',
    recovery: { bp: 5_000 },
    sale: { steps: [{ id: 'premi', take: 'rest', to: 'makers' }] },
    maker: {
      steps: [
        { id: 'victims', take: { rate: { bp: 2_000 } }, to: 'beneficiary:victims' },
        { id: 'locked', take: { rate: { bp: 3_000 } }, to: 'savings' },
        { id: 'own', take: 'rest', to: 'wages' },
      ],
    },
  };
  await agree(own, 'F1', '2026-01-15');
  await ledger.sell({ orderRef: 'own', placedAt: '2026-01-16T03:00:00Z', lines: [line(100_000, [['M4', '1']])] });
  await settle('own', {});
  await adjust('adjustment', 'savings paid by hand', [
    { account: 'maker:M4:savings', amount: 24_000 },
    { account: 'bank:bri@F1', amount: -24_000 },
  ]);
  await payOut();
  await ledger.refund({ orderRef: 'own', amount: 100_000, occurredAt: '2026-01-17T03:00:00Z' });
  await adjust('write-off', 'never to be paid', [
    { account: 'facility:F1:earnings', amount: 9_000 },
    { account: 'maker:M7:receivable', amount: -9_000 },
  ]);

  // less than was sold, which two persons accept; paid in parts, and given back for a refund that comes later
  await ledger.sell({ orderRef: 'less', lines: [line(100_000, [['M30', '1']], { fees: 8_000 })] });
  await settle('less', { fee: 7_500, revenue: 94_000, paidOut: 86_500, settles: 'all', tolerance: 3_000 });
  const accepted = {
    facilityId: 'F1',
    occurredAt: '2026-01-14T03:00:00Z',
    reason: 'a voucher that was not told',
    by: 'p1',
  };
  const difference = await database.transaction((tx) =>
    services.adjustments.draftDifference(tx, { ...accepted, saleId: 'blanja/less@F1' }),
  );
  await services.adjustments.approve(difference.adjustmentId, 'p2', cause);
  await ledger.sell({ orderRef: 'parts', lines: [line(100_000, [['M30', '1']], { fees: 8_000, shipping: 500 })] });
  await settle('parts', { fee: 9_000, revenue: 60_000, paidOut: 51_000, settles: 'part' });
  await ledger.refund({ orderRef: 'parts', amount: 40_000, occurredAt: '2026-01-15T03:00:00Z' });

  const billed = { facilityId: 'F1', bank: 'bri', amount: 20_000, billingCode: '820260115000001', by: 'p1' };
  const receipt = { ntpn: '0A1B2C3D4E5F6G7H', depositedAt: '2026-01-16T03:00:00Z', by: 'p2' };
  const depositId = await database.transaction((transaction) => services.deposits.bill(transaction, billed));
  await database.transaction((transaction) => services.deposits.confirm(transaction, depositId, receipt, cause));

  // F4: a facility that guarantees a floor
  await agree({ ...id1990, id: 'FLOOR', floor: { amount: 500_000, per: 'month' } }, 'F2', '2026-01-01');
  await database.query(
    `INSERT INTO contribution (lot_id, maker_id, facility_id, region, recorded_at)
     VALUES ('L20', 'M20', 'F2', 'Bali', '2026-01-20')`,
  );
  const obligation = { debtor: 'maker:M1', beneficiary: 'beneficiary:victims', amount: 5_000 };
  const imposed = await database.transaction((tx) =>
    services.adjustments.draftObligation(tx, { ...recorded, reason: 'verdict', obligation }),
  );
  await services.adjustments.approve(imposed.adjustmentId, 'p2', cause);

  const { decisionId } = await database.transaction((transaction) =>
    services.periods.request(transaction, { month: '2026-01', action: 'close' }, { by: 'p1', reason: 'month end' }),
  );
  await eventually(
    () => services.periods.find(decisionId),
    ({ status }) => status !== 'checking',
  );
  await services.periods.approve(decisionId, 'p2');

  await ledger.sell({ orderRef: 'twin', facilityId: 'F3', lines: [line(50_000, [['M8', '1']])] });
  await settle('twin', {}, 'F3');
  await happen('M4', { type: 'release', content: {} });
  await happen('M2', { type: 'transfer', content: {} });
  await happen('M2', { type: 'freeze', content: { because: 'other' } });
  await happen('M2', { type: 'unfreeze', content: {} });
  await happen('M8', { type: 'merge', content: { into: 'M9' } });
}
