import { ApiProperty } from '@nestjs/swagger';
import {
  BankId,
  ChannelId,
  FacilityId,
  OrderRef,
  oneOf,
  PastInstant,
  SettlementRef,
  SignedMoney,
} from '#libs/contracts';
import { Value } from '#libs/http';

const BACK = 'negative: given back of what was kept before, for what was refunded since';

/** One line of a channel's settlement report. */
export class SettlementDto {
  @Value(ChannelId, { example: 'blanja' })
  readonly channel!: string;

  @Value(OrderRef, { example: 'INV-2026-0001' })
  readonly orderRef!: string;

  @Value(SettlementRef, { example: 'S-1' })
  readonly settlementRef!: string;

  @Value(FacilityId, { optional: true, description: 'of the sale at this facility; absent: of the whole order' })
  readonly facilityId?: string;

  @Value(SignedMoney, { example: 16_750, description: `whole rupiah; ${BACK}` })
  readonly fee!: number;

  @Value(SignedMoney, { example: 11_000, description: `whole rupiah; ${BACK}` })
  readonly shipping!: number;

  @Value(SignedMoney, {
    example: 1_500,
    description: `PPh 22 that the channel withheld and paid to the state, whole rupiah; ${BACK}`,
  })
  readonly withheldTax!: number;

  @Value(SignedMoney, { example: 303_750, description: 'what came to the bank, whole rupiah; negative: taken back' })
  readonly paidOut!: number;

  @Value(SignedMoney, {
    example: 333_000,
    description: 'what of the price this is about, whole rupiah: paid out and kept together, fee, shipping and tax',
  })
  readonly revenue!: number;

  @Value(oneOf(['all', 'part']), { description: 'all: nothing more is to come of it; part: more follows' })
  readonly settles!: 'all' | 'part';

  @Value(BankId, { example: 'bri', description: 'account of the facility that the rest was paid to' })
  readonly bank!: string;

  @Value(PastInstant, { example: '2026-01-12T10:00:00+07:00' })
  readonly settledAt!: string;
}

export class SettlementAnswerView {
  @ApiProperty({ example: 'blanja/INV-2026-0001~S-1' })
  readonly settlementId!: string;

  @ApiProperty({ enum: ['confirmed', 'duplicate'], description: 'what becomes of it shows in the order' })
  readonly outcome!: 'confirmed' | 'duplicate';
}
