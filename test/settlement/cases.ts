import { type ChargeBorne, type SaleSettled, UNALLOCATED } from '#libs/contracts';
import type { Rupiah } from '#libs/money';

/** Debit +, credit -: rupiah by account. */
export type Movements = Readonly<Record<string, Rupiah>>;

export type Reported = Pick<SaleSettled, 'fee' | 'shipping' | 'withheldTax' | 'revenue' | 'paidOut' | 'settles'>;

export interface Step {
  /** What happens, in a few words. */
  readonly told: string;
  readonly does: { readonly settle: Reported } | { readonly refund: Rupiah } | { readonly accept: string };
  /** By kind: what has to be posted for it, and nothing else. */
  readonly journals: Readonly<Record<string, Movements>>;
}

/**
 * A settlement as it comes in life, of sale B: one piece for 100,001 on channel `shopee`, of which fees of 13,000 are
 * expected and 20,000 are production cost; ID-1990, one maker. The channel's terms tolerate 3 %, at most 5,000: 3,000.
 */
export interface SettlementCase {
  readonly name: string;
  readonly title: string;
  readonly price?: Rupiah;
  readonly fees?: Rupiah;
  readonly steps: readonly Step[];
}

const W = 'bank:shopee-wallet@F1';
const R = 'channel:shopee:receivable@F1';
const E = 'channel:shopee:fees@F1';
const V = 'channel:shopee:variance@F1';
const T = 'tax:pph22-withheld@F1';

const released: Movements = {
  'maker:M1:wages-pending': 33_501,
  'maker:M1:wages': -33_501,
  'facility:F1:earnings-pending': 23_450,
  'facility:F1:earnings': -23_450,
};

const report = (reported: Partial<Reported>): Reported => ({
  ...{ fee: 0, shipping: 0, withheldTax: 0, settles: 'all' },
  ...reported,
});
const asExpected = report({ revenue: 100_001, fee: 13_000, paidOut: 87_001 });
const expectedJournals = { settlement: { [W]: 87_001, [E]: 13_000, [R]: -100_001 }, release: released };

export const settlementCases: readonly SettlementCase[] = [
  {
    name: 'S1',
    title: 'As expected',
    steps: [{ told: 'settled in full', does: { settle: asExpected }, journals: expectedJournals }],
  },
  {
    name: 'S2',
    title: 'More fee and shipping than expected, and tax withheld',
    steps: [
      {
        told: 'settled in full, fee 19,667, shipping 1,600, tax 500',
        does: {
          settle: report({ revenue: 100_001, fee: 19_667, shipping: 1_600, withheldTax: 500, paidOut: 78_234 }),
        },
        journals: {
          settlement: { [W]: 78_234, [E]: 13_000, [T]: 500, [V]: 8_267, [R]: -100_001 },
          release: released,
        },
      },
    ],
  },
  {
    name: 'S3',
    title: 'In two parts',
    steps: [
      {
        told: 'a part, 60,000, fee 7,800',
        does: { settle: report({ revenue: 60_000, fee: 7_800, paidOut: 52_200, settles: 'part' }) },
        journals: { settlement: { [W]: 52_200, [E]: 7_800, [R]: -60_000 } },
      },
      {
        told: 'the rest, 40,001, fee 5,300',
        does: { settle: report({ revenue: 40_001, fee: 5_300, paidOut: 34_701 }) },
        journals: { settlement: { [W]: 34_701, [E]: 5_200, [V]: 100, [R]: -40_001 }, release: released },
      },
    ],
  },
  {
    name: 'S4',
    title: 'A voucher of the seller of 2,000 that was not told: within the tolerance',
    steps: [
      {
        told: 'settled in full for 98,001, fee 12,740',
        does: { settle: report({ revenue: 98_001, fee: 12_740, paidOut: 85_261 }) },
        journals: {
          settlement: { [W]: 85_261, [E]: 13_000, [V]: 1_740, [R]: -100_001 },
          release: released,
        },
      },
    ],
  },
  {
    name: 'S4b',
    title: 'A voucher of 6,000: beyond the tolerance, until two persons accept it',
    steps: [
      {
        told: 'settled in full for 94,001, fee 12,220',
        does: { settle: report({ revenue: 94_001, fee: 12_220, paidOut: 81_781 }) },
        journals: { settlement: { [W]: 81_781, [E]: 12_220, [R]: -94_001 } },
      },
      {
        told: 'what is missing is accepted',
        does: { accept: 'a voucher of ours that the channel had not told' },
        journals: { difference: { [E]: 780, [V]: 5_220, [R]: -6_000 }, release: released },
      },
    ],
  },
  {
    name: 'S5',
    title: 'Taken back before its refund is told',
    steps: [
      { told: 'settled in full', does: { settle: asExpected }, journals: expectedJournals },
      {
        told: 'taken back, 87,001',
        does: { settle: report({ revenue: -87_001, paidOut: -87_001 }) },
        journals: { settlement: { [W]: -87_001, [R]: 87_001 } },
      },
      {
        told: 'the refund',
        does: { refund: 100_001 },
        journals: {
          refund: {
            [E]: 13_000,
            'facility:F1:cost-recovery': 20_000,
            'state:pnbp@F1': 10_050,
            'facility:F1:earnings': 23_450,
            'maker:M1:wages': 33_501,
            [R]: -100_001,
          },
          difference: { [E]: -13_000, [R]: 13_000 },
        },
      },
    ],
  },
  {
    name: 'S6',
    title: 'A parcel is lost, and the channel compensates its whole price of 97,100',
    price: 97_100,
    fees: 12_623,
    steps: [
      {
        told: 'compensated, without a fee',
        does: { settle: report({ revenue: 97_100, paidOut: 97_100 }) },
        journals: {
          settlement: { [W]: 97_100, [E]: 12_623, [V]: -12_623, [R]: -97_100 },
          release: {
            'maker:M1:wages-pending': 32_238,
            'maker:M1:wages': -32_238,
            'facility:F1:earnings-pending': 22_567,
            'facility:F1:earnings': -22_567,
          },
        },
      },
    ],
  },
];

/** Of a channel, what is of no order: as orders tells the books of it, step by step. */
export interface ChargeCase {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly {
    readonly told: string;
    /** Of these it is told whose they are; cleared: what was held of the charge is undone first. */
    readonly does: Pick<ChargeBorne, 'facilityId' | 'paidOut'> & { readonly cleared?: true };
    readonly journals: Readonly<Record<string, Movements>>;
  }[];
}

const W0 = `bank:shopee-wallet@${UNALLOCATED}`;
const U0 = `channel:shopee:unallocated@${UNALLOCATED}`;
const advertising = { [W]: -421_800, [V]: 421_800 };

export const chargeCases: readonly ChargeCase[] = [
  {
    name: 'S7',
    title: 'Advertising, which is of no order: of a store that F1 bears',
    steps: [
      {
        told: 'advertising, 421,800',
        does: { facilityId: 'F1', paidOut: -421_800 },
        journals: { charge: advertising },
      },
    ],
  },
  {
    name: 'S7b',
    title: 'The same, of no store that is known, until it is',
    steps: [
      {
        told: 'advertising, 421,800',
        does: { facilityId: UNALLOCATED, paidOut: -421_800 },
        journals: { held: { [W0]: -421_800, [U0]: 421_800 } },
      },
      {
        told: 'two persons say that F1 bears the store',
        does: { facilityId: 'F1', paidOut: -421_800, cleared: true },
        journals: { 'held-cleared': { [W0]: 421_800, [U0]: -421_800 }, charge: advertising },
      },
    ],
  },
];
