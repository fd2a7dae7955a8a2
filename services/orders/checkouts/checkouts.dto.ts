import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Checkout } from '#libs/contracts';
import { IsReference, IsRupiah, IsUnits } from './fields.dto.ts';
import type { StoredRejection } from './rejected-checkouts.repository.ts';

const RUPIAH = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'whole rupiah' } as const;

class CheckoutLineDto {
  @ApiProperty({ example: '1', description: 'unique in the order' })
  @IsReference()
  readonly lineRef!: string;

  @ApiProperty({ example: 'TAS-KULIT-01' })
  @IsReference()
  readonly sku!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  @IsUnits()
  readonly quantity!: number;

  @ApiProperty({ ...RUPIAH, example: 150_000 })
  @IsRupiah()
  readonly unitPrice!: number;

  @ApiPropertyOptional({ ...RUPIAH, description: 'whole rupiah, for all units of the line' })
  @IsOptional()
  @IsRupiah()
  readonly discount?: number;

  @ApiPropertyOptional({ ...RUPIAH, description: 'whole rupiah, included in the price' })
  @IsOptional()
  @IsRupiah()
  readonly tax?: number;
}

export class CheckoutDto implements Checkout {
  @ApiProperty({ example: 'blanja' })
  @IsString()
  @MaxLength(40)
  @Matches(/^[a-z0-9][a-z0-9-]*$/)
  readonly channel!: string;

  @ApiProperty({ example: 'INV-2026-0001' })
  @IsReference()
  readonly orderRef!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-05T09:30:00+07:00' })
  @IsISO8601({ strict: true })
  readonly placedAt!: string;

  @ApiProperty({ type: [CheckoutLineDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2_000)
  @ValidateNested({ each: true })
  @Type(() => CheckoutLineDto)
  readonly lines!: CheckoutLineDto[];

  @ApiPropertyOptional({ ...RUPIAH, description: 'of the order as a whole; shared over its lines' })
  @IsOptional()
  @IsRupiah()
  readonly discount?: number;

  @ApiPropertyOptional({ ...RUPIAH, description: 'what the channel keeps; shared over the lines' })
  @IsOptional()
  @IsRupiah()
  readonly fees?: number;

  @ApiPropertyOptional({ ...RUPIAH, description: 'what shipping costs; shared over the lines' })
  @IsOptional()
  @IsRupiah()
  readonly shipping?: number;
}

export class CheckoutAnswer {
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ enum: ['accepted', 'duplicate'], description: 'duplicate: the same checkout came before' })
  readonly outcome!: 'accepted' | 'duplicate';
}

export class RejectedCheckoutView implements StoredRejection {
  @ApiProperty({ format: 'uuid' })
  readonly rejectionId!: string;
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ enum: ['checkout', 'refund'] })
  readonly type!: StoredRejection['type'];
  @ApiProperty({
    enum: ['invalid', 'conflict'],
    description: 'conflict: other content under a reference that was taken',
  })
  readonly reason!: StoredRejection['reason'];
  @ApiProperty({ example: 'lines/0/quantity must be >= 1' })
  readonly detail!: string;
  @ApiProperty({ type: Object, description: 'as it came' })
  readonly content!: unknown;
  @ApiProperty({ type: String, format: 'date-time' })
  readonly receivedAt!: Date;
}

export class RejectedCheckoutsPage {
  @ApiProperty({ type: [RejectedCheckoutView] })
  readonly items!: RejectedCheckoutView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
