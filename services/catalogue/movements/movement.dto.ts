import { ApiProperty } from '@nestjs/swagger';
import { oneOf, Pieces, Reason, Units } from '#libs/contracts';
import { Value } from '#libs/http';

/** Pieces of a lot, counted apart from those that orders have taken. */
export class CountDto {
  @Value(Pieces, { description: 'pieces that are there, without those that orders have taken' })
  readonly counted!: number;

  @Value(Pieces, { description: 'of the lot, as it was when it was counted: the difference is what is recorded' })
  readonly available!: number;

  @Value(Reason)
  readonly reason!: string;
}

const losses = ['broken', 'lost', 'used'] as const;

/** Pieces that nobody can buy any more. */
export class WriteOffDto {
  @Value(oneOf(losses))
  readonly kind!: (typeof losses)[number];

  @Value(Units)
  readonly quantity!: number;

  @Value(Reason)
  readonly reason!: string;
}

const kinds = ['made', 'corrected', 'ordered', 'restocked', 'count', ...losses] as const;

export class MovementView {
  @ApiProperty({
    enum: kinds,
    description: 'made: at first; ordered: what orders hold or have bought, all of them in one line',
  })
  readonly kind!: (typeof kinds)[number];

  @ApiProperty({ type: 'integer', description: 'by how many pieces there are more; negative: fewer' })
  readonly quantity!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'of a count: what was counted' })
  readonly counted!: number | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly reason!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id; null: not kept' })
  readonly by!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'null: not at one instant' })
  readonly at!: Date | null;
}

/** Why there are so many pieces of a lot: what there is to be sold is the sum of the lines. */
export class MovementList {
  @ApiProperty()
  readonly lotId!: string;

  @ApiProperty({ type: 'integer' })
  readonly available!: number;

  @ApiProperty({ type: [MovementView] })
  readonly items!: MovementView[];
}
