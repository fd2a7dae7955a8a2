import Type, { type Static } from 'typebox';
import { AgreementId, described, fault, Money, Ordinal, patterned, schemaOf } from '#libs/contracts';
import type { Ratio } from '#libs/money';

/**
 * A sharing agreement as data: how the price of an order line becomes the money of makers, facility and state.
 * This schema is what drafts are checked against; `lint.ts` checks what a schema cannot say.
 * Rules S1 to S4 of golden.md say what each field does to the rupiah.
 */

const closed = { additionalProperties: false };

const Amount = schemaOf(Money);

export const Rate = Type.Union(
  [
    Type.Object({ bp: Type.Integer({ minimum: 0, maximum: 10_000 }) }, closed),
    Type.Object(
      { num: Type.Integer({ minimum: 0, maximum: 1_000_000 }), den: Type.Integer({ minimum: 1, maximum: 1_000_000 }) },
      closed,
    ),
  ],
  { description: 'exact rate from 0 to 1: basis points, {"bp": 4000} is 40 %, or a ratio, {"num": 3, "den": 7}' },
);
export type Rate = Static<typeof Rate>;

const Period = Type.Union([Type.Literal('week'), Type.Literal('month')], {
  description: 'ISO week or calendar month of the posting date in Asia/Jakarta',
});

const Bands = Type.Array(Type.Object({ upTo: Type.Optional(Amount), rate: Rate }, closed), {
  minItems: 1,
  description: 'marginal: each rate is of the part of the input within its band; the last band has no upTo',
});

const Take = Type.Union(
  [
    Type.Object({ rate: Rate }, closed),
    Type.Object({ bands: Bands }, closed),
    Type.Object({ perUnit: Amount }, closed),
    Type.Object({ fixed: Amount }, closed),
    Type.Literal('rest'),
  ],
  { description: 'what the step asks for; the last step of a level is the rest' },
);
export type Take = Static<typeof Take>;

const Destination = schemaOf(
  patterned(
    {
      pattern: '^(makers|facility|state|wages|savings|beneficiary:[A-Za-z0-9-]{1,40})$',
      lengthMax: 52,
      description:
        'sale level: makers, facility, state, beneficiary:{id}; own steps: wages, savings and all but makers',
    },
    fault(
      'not-a-destination',
      'must be makers, facility, state, wages, savings or beneficiary: with its id, such as beneficiary:restitution',
      'harus makers, facility, state, wages, savings atau beneficiary: diikuti id-nya, misalnya beneficiary:restitution',
    ),
  ),
);

const StepId = schemaOf(
  patterned(
    { pattern: '^[a-z][a-z0-9-]{0,39}$', lengthMax: 40, description: 'named in explanations' },
    fault(
      'not-an-id',
      'must be 1 to 40 small letters a-z, digits and hyphens, the first a letter, such as state-share',
      'harus 1 sampai 40 huruf kecil a-z, angka dan tanda hubung, diawali huruf, misalnya state-share',
    ),
  ),
);

const Group = Type.Array(Type.Object({ to: Destination, rate: Rate }, closed), {
  minItems: 2,
  description: 'shares that make 100 %, allocated together by largest remainder',
});

export const Step = Type.Object(
  {
    id: StepId,
    take: Take,
    of: Type.Optional(
      Type.Union([Type.Literal('basis'), Type.Literal('remaining')], {
        description: 'what rates and bands are of: all that reached this level, or (default) what earlier steps left',
      }),
    ),
    per: Type.Optional(Period),
    min: Type.Optional(Amount),
    max: Type.Optional(Amount),
    maxPerPeriod: Type.Optional(Type.Object({ amount: Amount, per: Period }, closed)),
    maxOwed: Type.Optional(Type.Literal(true, { description: 'no more than is still owed to the beneficiary' })),
    maxPot: Type.Optional(
      schemaOf(described(Money, 'no more than fills the account up to this; for wages: all sub-balances')),
    ),
    to: Type.Union([Destination, Group]),
  },
  closed,
);
export type Step = Static<typeof Step>;

const Cap = Type.Object(
  { id: Type.String({ minLength: 1 }), rate: Rate, steps: Type.Array(Type.String(), { minItems: 1 }) },
  { ...closed, description: 'together, these steps take no more than this rate of what reached the level' },
);

const level = (description: string) =>
  Type.Object(
    { steps: Type.Array(Step, { minItems: 1 }), caps: Type.Optional(Type.Array(Cap)) },
    { ...closed, description },
  );
export type Level = Static<ReturnType<typeof level>>;

export const Agreement = Type.Object(
  {
    id: schemaOf(AgreementId),
    version: schemaOf(Ordinal),
    source: Type.Optional(Type.String({ description: 'the law, decree or contract it comes from' })),
    basis: Type.Union([Type.Literal('gross'), Type.Literal('net-of-fees'), Type.Literal('net-of-costs')], {
      description: 'price less tax; less fees as well; less fees, shipping and production cost as well',
    }),
    sale: level('shares the basis of each portion of an order line'),
    maker: Type.Optional(level('each maker’s own steps on what he or she got; without: all is wages')),
    floor: Type.Optional(
      Type.Object(
        { amount: Amount, per: Type.Literal('month') },
        {
          ...closed,
          description:
            'guaranteed premi: what a maker with a contribution recorded in the month got less, the facility adds when the month is closed (golden.md, L3)',
        },
      ),
    ),
    recovery: Type.Union(Rate.anyOf, {
      description: 'most of a release that may go to what the maker has to give back (golden.md, L1)',
    }),
  },
  { ...closed, title: 'Sharing agreement' },
);
export type Agreement = Static<typeof Agreement>;

export function ratioOfRate(rate: Rate): Ratio {
  return 'bp' in rate ? { num: rate.bp, den: 10_000 } : rate;
}
