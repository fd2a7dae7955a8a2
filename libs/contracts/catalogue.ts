import Type, { type Static } from 'typebox';
import { defineEvent } from './event.ts';
import {
  FacilityId,
  Instant,
  LineRef,
  LotId,
  MakerId,
  OrderId,
  Programme,
  Region,
  Rupiah,
  Sku,
  Units,
} from './fields.ts';
import { topics } from './topics.ts';

const Measure = Type.Union([
  Type.Literal('hours'),
  Type.Literal('pieces'),
  Type.Literal('weight'),
  Type.Literal('equal'),
]);

const Contribution = Type.Object({
  makerId: MakerId,
  weight: Type.String({
    pattern: '^[0-9]{1,12}(\\.[0-9]{1,3})?$',
    description: 'exact decimal, in the measure of the lot',
  }),
});

export const contributionsRecorded = defineEvent({
  type: 'catalogue.contributions-recorded.v1',
  summary: 'It was recorded who made a lot, whether it is ever sold or not.',
  topic: topics.lot,
  key: (data) => data.facilityId,
  schema: Type.Object({
    lotId: LotId,
    facilityId: FacilityId,
    region: Region,
    recordedAt: Instant,
    makerIds: Type.Array(MakerId, { minItems: 1 }),
    late: Type.Optional(
      Type.Object(
        {
          by: Type.String({
            maxLength: 60,
            pattern: '^[a-z0-9][a-z0-9._-]*$',
            description: 'person id, never a name, of who recorded it',
          }),
          measure: Measure,
          contributions: Type.Array(Contribution, { minItems: 1 }),
        },
        { description: 'the lot was there before, and may have been sold; absent: it was recorded with the lot' },
      ),
    ),
  }),
});

export const facilityDescribed = defineEvent({
  type: 'catalogue.facility-described.v1',
  summary: 'There is a facility, or it has come into another region.',
  topic: topics.facility,
  key: (data) => data.facilityId,
  schema: Type.Object({ facilityId: FacilityId, region: Region }),
});

/** What an order line takes from one lot: the unit that is shared (golden.md, U1). */
export const Portion = Type.Object({
  lotId: LotId,
  version: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 2_147_483_647,
      description: 'of the lot, as it was when its goods were reserved; absent: it was not corrected before',
    }),
  ),
  quantity: Units,
  unitCost: Rupiah,
  measure: Measure,
  contributions: Type.Array(Contribution, {
    description: 'empty: nobody was recorded, the makers’ part is held in suspense',
  }),
});
export type Portion = Static<typeof Portion>;

export const stockReserved = defineEvent({
  type: 'catalogue.stock-reserved.v1',
  summary: 'All goods of an order are held for it, oldest lots first.',
  topic: topics.stock,
  key: (data) => data.orderId,
  schema: Type.Object({
    orderId: OrderId,
    expiresAt: Instant,
    lines: Type.Array(
      Type.Object({
        lineRef: LineRef,
        sku: Type.Optional(Type.String({ ...Sku, description: 'ours, of the goods that are held' })),
        facilityId: FacilityId,
        region: Type.Optional(Region),
        programme: Type.Optional(Programme),
        portions: Type.Array(Portion, { minItems: 1 }),
      }),
    ),
  }),
});

/** The first line of an order whose goods are not there, and why. */
const MissingGoods = Type.Object({
  orderId: OrderId,
  reason: Type.Union([Type.Literal('unknown-sku'), Type.Literal('out-of-stock')]),
  lineRef: LineRef,
  sku: Sku,
});

export const stockRejected = defineEvent({
  type: 'catalogue.stock-rejected.v1',
  summary: 'Goods of an order cannot be held; nothing is held for it.',
  topic: topics.stock,
  key: (data) => data.orderId,
  schema: MissingGoods,
});

export const stockAwaited = defineEvent({
  type: 'catalogue.stock-awaited.v1',
  summary: 'Goods of an order that waits are not there yet: nothing is held for it, and it is served when they come.',
  topic: topics.stock,
  key: (data) => data.orderId,
  schema: MissingGoods,
});
