import { ApiProperty } from '@nestjs/swagger';
import { ChannelId, LineRef, LotId, OrderRef, oneOf, Units } from '#libs/contracts';
import { Value } from '#libs/http';

const dispositions = ['restock', 'write-off'] as const;
export type Disposition = (typeof dispositions)[number];

/** Goods of one lot that came back from the buyer of an order line. */
export class ReturnDto {
  @Value(ChannelId)
  channel!: string;

  @Value(OrderRef)
  orderRef!: string;

  @Value(LineRef)
  lineRef!: string;

  @Value(LotId)
  lotId!: string;

  @Value(Units)
  quantity!: number;

  @Value(oneOf(dispositions), { description: 'restock: can be sold again' })
  disposition!: Disposition;
}

export class ReturnView extends ReturnDto {
  @ApiProperty({ format: 'uuid' })
  returnId!: string;
}
