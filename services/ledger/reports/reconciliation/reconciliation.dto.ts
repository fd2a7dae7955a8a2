import { ApiProperty } from '@nestjs/swagger';
import { oneOf, StoredText } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { Subject } from '../../sales/external-records/external-record.ts';

const subjects: readonly Subject[] = ['order', 'refund', 'settlement', 'payout'];

export class SubjectParameters {
  @Parameter(oneOf(subjects))
  subject!: Subject;

  @Parameter(StoredText, { description: 'order id, refund id, settlement id or item id', example: 'blanja/1001' })
  reference!: string;
}

class ExternalRecordView {
  @ApiProperty({ enum: ['orders', 'payments'] })
  counterparty!: string;

  @ApiProperty({ example: 'captured' })
  state!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'whole rupiah (IDR)' })
  amount!: number | null;

  @ApiProperty({ format: 'date-time', description: 'the earliest instant that it names' })
  since!: string | Date;
}

class ComparedJournalView {
  @ApiProperty({ format: 'uuid' })
  journalId!: string;

  @ApiProperty()
  kind!: string;

  @ApiProperty()
  facilityId!: string;

  @ApiProperty({ format: 'date' })
  postedOn!: string;

  @ApiProperty()
  sourceReference!: string;
}

export class ComparisonView extends SubjectParameters {
  @ApiProperty({ type: [ExternalRecordView], description: 'what orders and payments say of it' })
  records!: ExternalRecordView[];

  @ApiProperty({ type: [ComparedJournalView], description: 'what is posted about it' })
  journals!: ComparedJournalView[];
}
