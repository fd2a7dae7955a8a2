import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { oneOf, Uuid, words } from '#libs/contracts';
import { PageQuery, Parameter, Value } from '#libs/http';
import type { Disbursement } from './disbursement.ts';

const statuses: readonly Disbursement['status'][] = ['pending', 'paid', 'failed'];

export class DisbursementQuery extends PageQuery {
  @Parameter(Uuid, { optional: true })
  readonly payoutId?: string;

  @Parameter(oneOf(statuses), { optional: true })
  readonly status?: Disbursement['status'];
}

const FailureReason = words(500, 'why, in words of the bank');

export class FailureDto {
  @Value(FailureReason, { example: 'account closed' })
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
