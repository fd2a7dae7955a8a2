import { ApiProperty } from '@nestjs/swagger';
import { ContributionView, measures } from '../contributions/contribution.dto.ts';

export class VersionView {
  @ApiProperty({ type: 'integer', description: 'n-th, from 1' })
  version!: number;

  @ApiProperty({ type: 'integer', description: 'pieces made' })
  quantity!: number;

  @ApiProperty({ type: 'integer', description: 'production cost of a piece in whole rupiah' })
  unitCost!: number;

  @ApiProperty({ format: 'date' })
  madeOn!: string;

  @ApiProperty({ enum: measures })
  measure!: string;

  @ApiProperty({ type: [ContributionView] })
  contributions!: ContributionView[];

  @ApiProperty({ type: 'string', nullable: true, description: 'person id of who made the next; null: it is the last' })
  endedBy!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'why there is a next; null besides: its makers were found',
  })
  endedBecause!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endedAt!: Date | null;
}

/** What a lot has been: a sale says which version it was sold from. */
export class VersionList {
  @ApiProperty({ type: [VersionView], description: 'the last one first' })
  items!: VersionView[];
}
