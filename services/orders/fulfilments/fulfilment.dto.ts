import { ApiProperty } from '@nestjs/swagger';
import { LineRef, Units } from '#libs/contracts';
import { Value } from '#libs/http';

export class ShipmentDto {
  @Value(LineRef, { example: '1' })
  readonly lineRef!: string;

  @Value(Units, { description: 'units of the line that have left so far, in all parcels together' })
  readonly shipped!: number;
}

export class DeliveryDto {
  @Value(LineRef, { example: '1' })
  readonly lineRef!: string;

  @Value(Units, { description: 'units of the line that the buyer has received so far, in all parcels together' })
  readonly delivered!: number;
}

export class FulfilmentView {
  @ApiProperty({ enum: ['taken'] })
  readonly outcome!: 'taken';
  @ApiProperty({ example: '1' })
  readonly lineRef!: string;
  @ApiProperty({ type: 'integer', description: 'units so far' })
  readonly shipped!: number;
  @ApiProperty({ type: 'integer', description: 'of these' })
  readonly delivered!: number;
}
