import { ApiProperty } from '@nestjs/swagger';
import { LineRef, RefundRef, Units } from '#libs/contracts';
import { Value } from '#libs/http';

export class RefundDto {
  @Value(RefundRef, { example: 'R-1' })
  readonly refundRef!: string;

  @Value(LineRef, { example: '1' })
  readonly lineRef!: string;

  @Value(Units, { description: 'units given back; what they cost follows from the sale' })
  readonly quantity!: number;
}

export class RefundAnswerView {
  @ApiProperty({ example: 'blanja/INV-2026-0001/1#R-1' })
  readonly refundId!: string;
  @ApiProperty({ enum: ['taken', 'duplicate'], description: 'its outcome shows in the order' })
  readonly outcome!: 'taken' | 'duplicate';
}
