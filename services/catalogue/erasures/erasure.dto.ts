import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Flag, oneOf } from '#libs/contracts';
import { Value } from '#libs/http';

export const REASONS = ['request', 'retention', 'mistake'] as const;

/** Why, of a closed list: what is said in words would name somebody again. */
export class ErasureDto {
  @Value(oneOf(REASONS), {
    description: 'request: of the maker; retention: two years after custody; mistake: should never have been kept',
  })
  readonly reason!: (typeof REASONS)[number];

  @Value(Flag, { description: 'whoever asks has seen in the ledger that the maker is owed nothing' })
  readonly nothingOwed!: boolean;
}

export class DueErasureView {
  @ApiProperty()
  readonly makerId!: string;

  @ApiProperty({ format: 'date', description: 'when custody ended' })
  readonly releasedOn!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id of who asked for it; null: nobody has yet' })
  readonly askedBy!: string | null;
}

export class DueErasurePage {
  @ApiProperty({ type: [DueErasureView] })
  readonly items!: DueErasureView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class ErasureView {
  @ApiProperty()
  readonly makerId!: string;

  @ApiProperty({ enum: REASONS })
  readonly reason!: (typeof REASONS)[number];

  @ApiProperty({ description: 'person id' })
  readonly askedBy!: string;

  @ApiProperty({ format: 'date-time' })
  readonly askedAt!: Date;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id; null: nothing is erased yet' })
  readonly approvedBy!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'null: it was not taken back' })
  readonly withdrawnAt!: Date | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'from when nothing tells who it was',
  })
  readonly erasedAt!: Date | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'when the last backup of the key ends, and no backup of the catalogue can be read any more',
  })
  readonly completeAt!: Date | null;
}
