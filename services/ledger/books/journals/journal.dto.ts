import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StoredText, whole } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class JournalQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, description: 'only this sale and its refunds', example: 'blanja/1001@F1' })
  readonly saleId?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only journals about this sale, refund, ...',
    example: 'blanja/1001/1#R1',
  })
  readonly source?: string;

  @Parameter(StoredText, { optional: true, description: 'only journals of this facility' })
  readonly facilityId?: string;

  @Parameter(whole({ min: 0, max: Number.MAX_SAFE_INTEGER, description: 'number in the facility’s chain' }), {
    optional: true,
    description:
      'only journals with a greater number: whoever follows a facility asks for those after the last one read',
  })
  readonly after?: number;
}

export class AgreementVersion {
  @ApiProperty({ example: 'ID-1990' })
  readonly id!: string;

  @ApiProperty({ example: 1 })
  readonly version!: number;
}

export class EntryView {
  @ApiProperty({ example: 'maker:M1:wages-pending' })
  readonly account!: string;

  @ApiProperty({ description: 'whole rupiah (IDR): debit positive, credit negative' })
  readonly amount!: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'order line; null: of the whole journal' })
  readonly lineRef!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'the maker’s own step that moved it' })
  readonly step!: string | null;

  @ApiProperty({ description: 'n-th entry of the account' })
  readonly accountVersion!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'of the account, after this entry; null: of a maker who is not where whoever asks is',
  })
  readonly runningBalance!: number | null;
}

export class JournalView {
  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ description: 'n-th journal of the facility: its place in the chain', example: 7 })
  readonly number!: number;

  @ApiProperty({ example: 'sale' })
  readonly kind!: string;

  @ApiProperty({ format: 'date', description: 'day in Asia/Jakarta that it counts for' })
  readonly postedOn!: string;

  @ApiProperty({ format: 'date-time' })
  readonly occurredAt!: Date;

  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: Date;

  @ApiProperty({ description: 'it came when its month was closed, and is posted on the first day that was open' })
  readonly late!: boolean;

  @ApiProperty({ description: 'sale id, refund id, ...' })
  readonly sourceReference!: string;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'the journal that it undoes' })
  readonly reverses!: string | null;

  @ApiProperty({ type: AgreementVersion, nullable: true })
  readonly agreement!: AgreementVersion | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'the event’s data, as it came' })
  readonly source!: unknown;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description:
      'of an agreement that counts over periods or up to balances: what it remembered before this journal; shown to who sees all facilities',
  })
  readonly memory!: object | null;

  @ApiProperty({ type: [EntryView], description: 'they sum to zero' })
  readonly entries!: EntryView[];
}

export class JournalPage {
  @ApiProperty({ type: [JournalView] })
  readonly items!: JournalView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
