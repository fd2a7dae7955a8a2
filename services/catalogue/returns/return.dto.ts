import { ApiProperty } from '@nestjs/swagger';
import { ChannelId, LineRef, LotId, OrderRef, oneOf, Units } from '#libs/contracts';
import { Value } from '#libs/http';

const dispositions = ['restock', 'write-off'] as const;
export type Disposition = (typeof dispositions)[number];

/** Goods of one lot that came back from the buyer of an order line. */
export class ReturnDto {
  @Value(ChannelId)
  readonly channel!: string;

  @Value(OrderRef)
  readonly orderRef!: string;

  @Value(LineRef)
  readonly lineRef!: string;

  @Value(LotId)
  readonly lotId!: string;

  @Value(Units)
  readonly quantity!: number;

  @Value(oneOf(dispositions), { description: 'restock: can be sold again' })
  readonly disposition!: Disposition;
}

export class ReturnView extends ReturnDto {
  @ApiProperty({ format: 'uuid' })
  readonly returnId!: string;
}
