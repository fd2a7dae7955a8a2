import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class ObligationQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, example: 'maker:M1' })
  readonly debtor?: string;

  @Parameter(StoredText, { optional: true, example: 'beneficiary:restitution' })
  readonly beneficiary?: string;
}

export class Obligation {
  @ApiProperty({ example: 'maker:M1' })
  readonly debtor!: string;

  @ApiProperty({ example: 'beneficiary:restitution' })
  readonly beneficiary!: string;

  @ApiProperty({ description: 'whole rupiah (IDR), less what was remitted' })
  readonly imposed!: number;

  @ApiProperty({ description: 'by shares of sales, less what refunds took back' })
  readonly paid!: number;

  @ApiProperty({ description: 'imposed less paid' })
  readonly owed!: number;
}

export class ObligationPage {
  @ApiProperty({ type: [Obligation] })
  readonly items!: Obligation[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class ObligationEntry {
  @ApiProperty({ description: 'n-th change of the obligation' })
  readonly version!: number;

  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty({ example: 'sale' })
  readonly kind!: string;

  @ApiProperty({ format: 'date' })
  readonly postedOn!: string;

  @ApiProperty({ example: 'blanja/1001@F1' })
  readonly sourceReference!: string;

  @ApiProperty({ description: 'negative: remitted' })
  readonly imposed!: number;

  @ApiProperty({ description: 'negative: a refund took it back' })
  readonly paid!: number;

  @ApiProperty({ description: 'after this change' })
  readonly owed!: number;
}

export class ObligationEntryPage {
  @ApiProperty({ type: [ObligationEntry] })
  readonly items!: ObligationEntry[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
