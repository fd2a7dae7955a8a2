import fc from 'fast-check';
import type { Agreement, Level, Step } from '../../services/ledger/sharing/agreements/agreement.ts';
import { lint } from '../../services/ledger/sharing/agreements/lint.ts';
import type { SaleLine } from '../../services/ledger/sharing/waterfall/sale.ts';

export const facilities = ['F1', 'F2'] as const;
const makers = ['M1', 'M2', 'M3', 'M4'];

/** What can happen, in any order; whatever an event cannot be about is left out by who runs it. */
export type Happening =
  | { readonly kind: 'sale'; readonly facilityId: string; readonly placedAt: string; readonly lines: SaleLine[] }
  /** @property line which of all lines sold so far @property percent of what is left of its price */
  | {
      readonly kind: 'refund';
      readonly line: number;
      readonly percent: number;
      readonly goodwill: number;
      readonly units: number;
    }
  /** @property sale which of all sales so far */
  | {
      readonly kind: 'settlement';
      readonly sale: number;
      readonly fee: number;
      readonly shipping: number;
      readonly withheldTax: number;
    }
  | { readonly kind: 'payout'; readonly facilityId: string }
  /** @property item which of all items that the bank has not answered */
  | { readonly kind: 'answer'; readonly item: number; readonly isPaid: boolean }
  | {
      readonly kind: 'contributions';
      readonly facilityId: string;
      readonly lot: Omit<SaleLine['portions'][number], 'quantity' | 'unitCost'>;
    }
  | { readonly kind: 'obligation'; readonly makerId: string; readonly amount: number }
  /** The facility pays the maker from now on. */
  | { readonly kind: 'transfer'; readonly makerId: string; readonly facilityId: string }
  /** Custody ends: savings become available. */
  | { readonly kind: 'release'; readonly makerId: string; readonly facilityId: string }
  /** They are one person, who goes on as the other. */
  | { readonly kind: 'merge'; readonly makerId: string; readonly into: string };

const rate = fc.oneof(
  fc.integer({ min: 1, max: 9_999 }).map((bp) => ({ bp })),
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 51, max: 97 })).map(([num, den]) => ({ num, den })),
);
/** Small ones make ties. */
const amount = fc.oneof(fc.nat(30), fc.nat(300_000), fc.nat(5_000_000));
const of = fc.constantFrom({}, { of: 'basis' as const });
const per = fc.constantFrom('week' as const, 'month' as const);
const bands = fc
  .tuple(fc.nat(200_000), fc.integer({ min: 1, max: 200_000 }), rate, rate)
  .map(([first, more, second, third]) => [
    { upTo: first + 1, rate: { bp: 0 } },
    { upTo: first + 1 + more, rate: second },
    { rate: third },
  ]);

const shares = fc.tuple(fc.integer({ min: 1, max: 9_998 }), fc.nat(10_000)).map(([makersShare, of]) => {
  const facility = 1 + Math.floor(((9_998 - makersShare) * of) / 10_000);
  return [
    { to: 'makers', rate: { bp: makersShare } },
    { to: 'facility', rate: { bp: facility } },
    { to: 'state', rate: { bp: 10_000 - makersShare - facility } },
  ];
});

const saleSteps: fc.Arbitrary<Step>[] = [
  amount.map((perUnit) => ({ id: 'piece-rate', take: { perUnit }, to: 'makers' })),
  amount.map((fixed) => ({ id: 'rent', take: { fixed }, to: 'facility' })),
  fc.tuple(rate, of, fc.nat(5_000), fc.nat(20_000)).map(([rate, of, min, more]) => ({
    id: 'victims',
    take: { rate },
    ...of,
    min,
    max: min + more,
    to: 'beneficiary:victims',
  })),
  bands.map((bands) => ({ id: 'progressive', take: { bands }, to: 'state' })),
];

const ownSteps: fc.Arbitrary<Step>[] = [
  fc.tuple(rate, of).map(([rate, of]) => ({ id: 'board', take: { rate }, ...of, to: 'facility' })),
  fc.tuple(rate, of).map(([rate, of]) => ({ id: 'tax', take: { rate }, ...of, to: 'state' })),
  fc.tuple(amount, per).map(([fixed, per]) => ({ id: 'support', take: { fixed }, per, to: 'beneficiary:support' })),
  fc
    .tuple(bands, per, of)
    .map(([bands, per, of]) => ({ id: 'levy', take: { bands }, per, ...of, to: 'beneficiary:levy' })),
  fc.tuple(rate, of, amount, per).map(([rate, of, amount, per]) => ({
    id: 'family',
    take: { rate },
    ...of,
    maxPerPeriod: { amount, per },
    to: 'beneficiary:family',
  })),
  fc
    .tuple(rate, of)
    .map(([rate, of]) => ({ id: 'restitution', take: { rate }, ...of, maxOwed: true, to: 'beneficiary:restitution' })),
  fc.tuple(rate, amount).map(([rate, maxPot]) => ({ id: 'fund', take: { rate }, maxPot, to: 'beneficiary:fund' })),
  fc.tuple(rate, of).map(([rate, of]) => ({ id: 'savings', take: { rate }, ...of, to: 'savings' })),
  amount.map((maxPot) => ({ id: 'purse', take: 'rest', maxPot, to: 'wages' })),
];

const everythingLeft = fc.constantFrom<Step['to']>('wages', [
  { to: 'wages', rate: { num: 3, den: 7 } },
  { to: 'savings', rate: { num: 4, den: 7 } },
]);

function level(
  last: string,
  least: number,
  steps: fc.Arbitrary<Step>[],
  rest: fc.Arbitrary<Step['to']>,
): fc.Arbitrary<Level> {
  const some = fc
    .shuffledSubarray(steps, { minLength: least, maxLength: 4 })
    .chain((chosen) => fc.tuple(...(chosen as [fc.Arbitrary<Step>])) as fc.Arbitrary<Step[]>);
  return fc.tuple(some, rest, fc.option(rate)).map(([first, to, cap]) => ({
    steps: [...first, { id: last, take: 'rest', to }],
    ...(cap && first.length > 1 && { caps: [{ id: 'cap', rate: cap, steps: first.slice(1).map(({ id }) => id) }] }),
  }));
}

/** ID-1990 in its second version, so that it is in force for everybody. */
export function agreements(own: 'own steps' | 'no own steps'): fc.Arbitrary<Agreement> {
  const maker = level('own', 2, ownSteps, everythingLeft);
  const agreement = fc
    .record({
      basis: fc.constantFrom<Agreement['basis']>('gross', 'net-of-fees', 'net-of-costs'),
      sale: level('shared', 0, saleSteps, fc.oneof(fc.constant<Step['to']>('makers'), shares)),
      ...(own === 'own steps' && { maker }),
      recovery: rate,
    })
    .map((agreement) => ({ id: 'ID-1990', version: 2, ...agreement }) as Agreement)
    .filter((agreement) => lint(agreement).length === 0);
  return fc.noBias(agreement);
}

const contributions = fc
  .shuffledSubarray(makers, { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(...chosen.map((makerId) => fc.nat(800).map((tenths) => ({ makerId, weight: (tenths / 10).toFixed(1) })))),
  );
const anyWeight = (all: { weight: string }[]) => all.some(({ weight }) => Number(weight) > 0);
const measure = fc.constantFrom('hours' as const, 'pieces' as const, 'equal' as const);

/** Lots H1 and H2 are sold before anybody recorded who made them. */
const portion = fc.oneof(
  { weight: 3, arbitrary: fc.record({ lotId: fc.constantFrom('L1', 'L2'), measure, contributions }) },
  { weight: 1, arbitrary: fc.record({ lotId: fc.constantFrom('H1', 'H2'), measure, contributions: fc.constant([]) }) },
);
const lines = fc
  .array(
    fc.record({
      unitPrice: amount,
      figures: fc.tuple(fc.nat(100), fc.nat(40), fc.nat(30), fc.nat(15)),
      portions: fc.uniqueArray(fc.tuple(portion, fc.integer({ min: 1, max: 5 }), fc.nat(50_000)), {
        minLength: 1,
        maxLength: 3,
        selector: ([{ lotId }]) => lotId,
      }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) =>
    all.map(({ unitPrice, figures, portions }, index): SaleLine => {
      const quantity = portions.reduce((sum, [, units]) => sum + units, 0);
      const [discount, fees, shipping, tax] = figures.map((percent) =>
        Math.floor((unitPrice * quantity * percent) / 100),
      );
      return {
        ...{ lineRef: String(index + 1), quantity, unitPrice },
        ...{ discount: Math.floor((discount ?? 0) / 3), fees: fees ?? 0, shipping: shipping ?? 0, tax: tax ?? 0 },
        portions: portions.map(([lot, units, unitCost]) => ({ ...lot, quantity: units, unitCost })),
      };
    }),
  );

/** Over five weeks and two months, some of it on either side of midnight in Jakarta. */
const placedAt = fc
  .tuple(fc.integer({ min: 18, max: 52 }), fc.constantFrom('03:00:00', '16:59:59', '17:00:00'))
  .map(([day, time]) => `${new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10)}T${time}.000Z`);

const pick = fc.nat(1_000);
const facilityId = fc.constantFrom(...facilities);
const makerId = fc.constantFrom(...makers);
export const sale = fc.record({ kind: fc.constant('sale' as const), facilityId, placedAt, lines });
export const refund = fc.record({
  kind: fc.constant('refund' as const),
  line: pick,
  percent: fc.oneof(fc.nat(100), fc.constant(100)),
  goodwill: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(10_000) }),
  units: fc.integer({ min: 1, max: 5 }),
});

export const happenings: fc.Arbitrary<Happening[]> = fc.noBias(
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: sale as fc.Arbitrary<Happening> },
      { weight: 5, arbitrary: refund },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('settlement' as const),
          sale: pick,
          fee: fc.integer({ min: -5_000, max: 30_000 }),
          shipping: fc.integer({ min: -5_000, max: 30_000 }),
          withheldTax: fc.nat(1_000),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('payout' as const), facilityId }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), item: pick, isPaid: fc.boolean() }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('contributions' as const),
          facilityId,
          lot: fc.record({
            lotId: fc.constantFrom('H1', 'H2'),
            measure,
            contributions: contributions.filter(anyWeight),
          }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('obligation' as const),
          makerId,
          amount: fc.integer({ min: 1, max: 200_000 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('transfer' as const), makerId, facilityId }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), makerId, facilityId }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), makerId, into: makerId }) },
    ),
    { minLength: 8, maxLength: 32, size: 'max' },
  ),
);
