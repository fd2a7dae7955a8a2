import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';

const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;
const RUPIAH = {
  type: 'integer',
  description: 'whole rupiah; negative: given back of what was kept before, for what was refunded since',
} as const;

/** One line of a channel's settlement report. */
export class SettlementDto {
  @ApiProperty({ example: 'blanja' })
  @IsString()
  @MaxLength(40)
  @Matches(/^[a-z0-9][a-z0-9-]*$/)
  readonly channel!: string;

  @ApiProperty({ example: 'INV-2026-0001' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(/^\P{Cc}+$/u)
  readonly orderRef!: string;

  @ApiProperty({ example: 'S-1', description: 'line of the report, unique in the order' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(/^\P{Cc}+$/u)
  readonly settlementRef!: string;

  @ApiPropertyOptional({ description: 'of the sale at this facility; absent: of the whole order' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  readonly facilityId?: string;

  @ApiProperty({ ...RUPIAH, example: 16_750 })
  @IsInt()
  @Min(-AMOUNT_MAX)
  @Max(AMOUNT_MAX)
  readonly fee!: number;

  @ApiProperty({ ...RUPIAH, example: 11_000 })
  @IsInt()
  @Min(-AMOUNT_MAX)
  @Max(AMOUNT_MAX)
  readonly shipping!: number;

  @ApiProperty({ ...RUPIAH, example: 1_500, description: 'PPh 22 that the channel withheld and paid to the state' })
  @IsInt()
  @Min(-AMOUNT_MAX)
  @Max(AMOUNT_MAX)
  readonly withheldTax!: number;

  @ApiProperty({ example: 'bri', description: 'account of the facility that the rest was paid to' })
  @IsString()
  @MaxLength(40)
  @Matches(/^[a-z0-9][a-z0-9-]*$/)
  readonly bank!: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-12T10:00:00+07:00' })
  @IsISO8601({ strict: true })
  readonly settledAt!: string;
}

export class SettlementAnswerView {
  @ApiProperty({ example: 'blanja/INV-2026-0001~S-1' })
  readonly settlementId!: string;

  @ApiProperty({ enum: ['confirmed', 'duplicate'], description: 'what becomes of it shows in the order' })
  readonly outcome!: 'confirmed' | 'duplicate';
}
