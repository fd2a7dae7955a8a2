import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { PageQuery } from '#libs/http';
import { PersonDto } from '../person.dto.ts';
import type { Deposit } from './deposit.ts';

export class DepositQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  facilityId?: string;
}

export class DepositDto extends PersonDto {
  @ApiProperty({ example: 'F001' })
  @IsString()
  @MaxLength(60)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  readonly facilityId!: string;

  @ApiProperty({ example: 'bri' })
  @IsString()
  @MaxLength(40)
  @Matches(/^[a-z0-9][a-z0-9-]*$/)
  readonly bank!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'whole rupiah' })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly amount!: number;

  @ApiProperty({ example: '820260105123456', description: 'kode billing: 15 digits' })
  @Matches(/^\d{15}$/)
  readonly billingCode!: string;
}

export class DepositReceiptDto extends PersonDto {
  @ApiProperty({ example: '0A1B2C3D4E5F6G7H', description: 'nomor transaksi penerimaan negara: 16 characters' })
  @Matches(/^[0-9A-Z]{16}$/)
  readonly ntpn!: string;

  @ApiProperty({ format: 'date-time' })
  @IsISO8601({ strict: true })
  readonly depositedAt!: string;
}

export class DepositView implements Deposit {
  @ApiProperty({ format: 'uuid' })
  depositId!: string;
  @ApiProperty()
  facilityId!: string;
  @ApiProperty()
  bank!: string;
  @ApiProperty({ type: 'integer' })
  amount!: number;
  @ApiProperty()
  billingCode!: string;
  @ApiProperty()
  createdBy!: string;
  @ApiProperty({ format: 'date-time' })
  createdAt!: Date;
  @ApiProperty({ type: 'string', nullable: true, description: 'null: not paid yet' })
  ntpn!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  depositedAt!: Date | null;
  @ApiProperty({ type: 'string', nullable: true })
  confirmedBy!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true })
  journalId!: string | null;
}

export class DepositPage {
  @ApiProperty({ type: [DepositView] })
  items!: DepositView[];
  @ApiPropertyOptional()
  nextCursor?: string;
}
