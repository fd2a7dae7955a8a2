import { ApiProperty } from '@nestjs/swagger';
import { ContributionView, measures } from '../contributions/contribution.dto.ts';

export class VersionView {
  @ApiProperty({ type: 'integer', description: 'n-th, from 1' })
  readonly version!: number;

  @ApiProperty({ type: 'integer', description: 'pieces made' })
  readonly quantity!: number;

  @ApiProperty({ type: 'integer', description: 'production cost of a piece in whole rupiah' })
  readonly unitCost!: number;

  @ApiProperty({ format: 'date' })
  readonly madeOn!: string;

  @ApiProperty({ enum: measures })
  readonly measure!: string;

  @ApiProperty({ type: [ContributionView] })
  readonly contributions!: ContributionView[];

  @ApiProperty({ type: 'string', nullable: true, description: 'person id of who made the next; null: it is the last' })
  readonly endedBy!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'why there is a next; null besides: its makers were found',
  })
  readonly endedBecause!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  readonly endedAt!: Date | null;
}

/** What a lot has been: a sale says which version it was sold from. */
export class VersionList {
  @ApiProperty({ type: [VersionView], description: 'the last one first' })
  readonly items!: VersionView[];
}
