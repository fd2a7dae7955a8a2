import { ApiProperty } from '@nestjs/swagger';
import { oneOf, StoredText } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { Subject } from '../../sales/external-records/external-record.ts';

const subjects: readonly Subject[] = ['order', 'refund', 'settlement', 'payout'];

export class SubjectParameters {
  @Parameter(oneOf(subjects))
  readonly subject!: Subject;

  @Parameter(StoredText, { description: 'order id, refund id, settlement id or item id', example: 'blanja/1001' })
  readonly reference!: string;
}

class ExternalRecordView {
  @ApiProperty({ enum: ['orders', 'payments'] })
  readonly counterparty!: string;

  @ApiProperty({ example: 'captured' })
  readonly state!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'whole rupiah (IDR)' })
  readonly amount!: number | null;

  @ApiProperty({ format: 'date-time', description: 'the earliest instant that it names' })
  readonly since!: string | Date;
}

class ComparedJournalView {
  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty()
  readonly kind!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ format: 'date' })
  readonly postedOn!: string;

  @ApiProperty()
  readonly sourceReference!: string;
}

export class ComparisonView extends SubjectParameters {
  @ApiProperty({ type: [ExternalRecordView], description: 'what orders and payments say of it' })
  readonly records!: ExternalRecordView[];

  @ApiProperty({ type: [ComparedJournalView], description: 'what is posted about it' })
  readonly journals!: ComparedJournalView[];
}
