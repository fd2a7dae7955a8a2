import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class ObligationQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, example: 'maker:M1' })
  debtor?: string;

  @Parameter(StoredText, { optional: true, example: 'beneficiary:restitution' })
  beneficiary?: string;
}

export class Obligation {
  @ApiProperty({ example: 'maker:M1' })
  debtor!: string;

  @ApiProperty({ example: 'beneficiary:restitution' })
  beneficiary!: string;

  @ApiProperty({ description: 'whole rupiah (IDR), less what was remitted' })
  imposed!: number;

  @ApiProperty({ description: 'by shares of sales, less what refunds took back' })
  paid!: number;

  @ApiProperty({ description: 'imposed less paid' })
  owed!: number;
}

export class ObligationPage {
  @ApiProperty({ type: [Obligation] })
  items!: Obligation[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class ObligationEntry {
  @ApiProperty({ description: 'n-th change of the obligation' })
  version!: number;

  @ApiProperty({ format: 'uuid' })
  journalId!: string;

  @ApiProperty({ example: 'sale' })
  kind!: string;

  @ApiProperty({ format: 'date' })
  postedOn!: string;

  @ApiProperty({ example: 'blanja/1001@F1' })
  sourceReference!: string;

  @ApiProperty({ description: 'negative: remitted' })
  imposed!: number;

  @ApiProperty({ description: 'negative: a refund took it back' })
  paid!: number;

  @ApiProperty({ description: 'after this change' })
  owed!: number;
}

export class ObligationEntryPage {
  @ApiProperty({ type: [ObligationEntry] })
  items!: ObligationEntry[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
