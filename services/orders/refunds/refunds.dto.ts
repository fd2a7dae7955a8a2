import { ApiProperty } from '@nestjs/swagger';
import { IsReference, IsUnits } from '../checkouts/fields.dto.ts';

export class RefundDto {
  @ApiProperty({ example: 'R-1', description: 'unique in the line' })
  @IsReference()
  readonly refundRef!: string;

  @ApiProperty({ example: '1' })
  @IsReference()
  readonly lineRef!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'units given back; what they cost follows from the sale' })
  @IsUnits()
  readonly quantity!: number;
}

export class RefundAnswerView {
  @ApiProperty({ example: 'blanja/INV-2026-0001/1#R-1' })
  readonly refundId!: string;
  @ApiProperty({ enum: ['taken', 'duplicate'], description: 'its outcome shows in the order' })
  readonly outcome!: 'taken' | 'duplicate';
}
