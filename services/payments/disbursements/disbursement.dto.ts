import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { PageQuery } from '#libs/http';
import type { Disbursement } from './disbursement.ts';

const statuses: readonly Disbursement['status'][] = ['pending', 'paid', 'failed'];

export class DisbursementQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  readonly payoutId?: string;

  @ApiPropertyOptional({ enum: statuses })
  @IsOptional()
  @IsIn(statuses)
  readonly status?: Disbursement['status'];
}

export class FailureDto {
  @ApiProperty({ example: 'account closed' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  readonly reason!: string;
}

export class DisbursementView implements Disbursement {
  @ApiProperty({ format: 'uuid' })
  readonly itemId!: string;
  @ApiProperty({ format: 'uuid' })
  readonly payoutId!: string;
  @ApiProperty()
  readonly facilityId!: string;
  @ApiProperty()
  readonly bank!: string;
  @ApiProperty({ example: 'maker:M1' })
  readonly payee!: string;
  @ApiProperty({ type: 'integer', description: 'whole rupiah' })
  readonly amount!: number;
  @ApiProperty({ enum: statuses, description: 'pending: the bank has not said yet what became of it' })
  readonly status!: Disbursement['status'];
  @ApiProperty({ type: 'string', nullable: true })
  readonly reason!: string | null;
  @ApiProperty({ format: 'uuid' })
  readonly correlationId!: string;
}

export class DisbursementPage {
  @ApiProperty({ type: [DisbursementView] })
  readonly items!: DisbursementView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
