import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Flag, oneOf } from '#libs/contracts';
import { Value } from '#libs/http';

export const REASONS = ['request', 'retention', 'mistake'] as const;

/** Why, of a closed list: what is said in words would name somebody again. */
export class ErasureDto {
  @Value(oneOf(REASONS), {
    description: 'request: of the maker; retention: two years after custody; mistake: should never have been kept',
  })
  reason!: (typeof REASONS)[number];

  @Value(Flag, { description: 'whoever asks has seen in the ledger that the maker is owed nothing' })
  nothingOwed!: boolean;
}

export class DueErasureView {
  @ApiProperty()
  makerId!: string;

  @ApiProperty({ format: 'date', description: 'when custody ended' })
  releasedOn!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id of who asked for it; null: nobody has yet' })
  askedBy!: string | null;
}

export class DueErasurePage {
  @ApiProperty({ type: [DueErasureView] })
  items!: DueErasureView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}

export class ErasureView {
  @ApiProperty()
  makerId!: string;

  @ApiProperty({ enum: REASONS })
  reason!: (typeof REASONS)[number];

  @ApiProperty({ description: 'person id' })
  askedBy!: string;

  @ApiProperty({ format: 'date-time' })
  askedAt!: Date;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id; null: nothing is erased yet' })
  approvedBy!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'null: it was not taken back' })
  withdrawnAt!: Date | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'from when nothing tells who it was',
  })
  erasedAt!: Date | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'when the last backup of the key ends, and no backup of the catalogue can be read any more',
  })
  completeAt!: Date | null;
}
