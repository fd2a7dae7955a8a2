import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { oneOf, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

const KEYS = ['facility', 'region', 'maker'] as const;

export class PositionQuery extends PageQuery {
  @Parameter(oneOf(KEYS), { description: 'what there is an item for' })
  readonly by!: (typeof KEYS)[number];

  @Parameter(StoredText, { optional: true, description: 'only of this facility, and of makers who are there' })
  readonly facilityId?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only of facilities of this region, and of makers who are there',
  })
  readonly region?: string;
}

class SharePosition {
  @ApiProperty({ description: 'of sales that are not released' })
  readonly pending!: number;

  @ApiProperty({ description: 'can be paid out' })
  readonly available!: number;
}

class MakersPositionView extends SharePosition {
  @ApiProperty({ description: 'how many makers are seated there' })
  readonly count!: number;

  @ApiProperty({ description: 'how many of them have something available' })
  readonly awaiting!: number;

  @ApiProperty({ description: 'in a payout that is not finished' })
  readonly reserved!: number;

  @ApiProperty({ description: 'locked until release' })
  readonly savings!: number;

  @ApiProperty({ description: 'to be given back' })
  readonly receivable!: number;
}

class PnbpPosition {
  @ApiProperty({ description: 'to the state' })
  readonly owed!: number;

  @ApiProperty({ description: 'of it, what has a billing code' })
  readonly billed!: number;

  @ApiProperty({ description: 'of it, what has none yet' })
  readonly unbilled!: number;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description:
      'day of the oldest sale of which some is owed, if deposits pay the oldest first; null: nothing is owed',
  })
  readonly since!: string | null;
}

const ofFacilities = (description: string) =>
  ApiProperty({ type: 'integer', nullable: true, description: `${description}; null: of a maker` });

class PositionView {
  @ofFacilities('with channels, less the fee and shipping that they are expected to keep')
  readonly channelHeld!: number | null;

  @ofFacilities('at banks')
  readonly bank!: number | null;

  @ofFacilities('production cost returned')
  readonly costRecovery!: number | null;

  @ApiProperty({ type: SharePosition, nullable: true })
  readonly facility!: SharePosition | null;

  @ApiProperty({ type: MakersPositionView, description: 'of those who are seated there, wherever they earned it' })
  readonly makers!: MakersPositionView;

  @ofFacilities('of lots that nobody is recorded for')
  readonly suspense!: number | null;

  @ApiProperty({ type: PnbpPosition, nullable: true })
  readonly pnbp!: PnbpPosition | null;
}

class PositionItemView extends PositionView {
  @ApiProperty({ type: 'string', nullable: true, description: 'null: of facilities whose region nobody told' })
  readonly key!: string | null;

  @ApiPropertyOptional({ description: 'of a maker: where he or she is seated' })
  readonly facilityId?: string;

  @ApiPropertyOptional({ description: 'of a maker: whether payouts are on hold' })
  readonly frozen?: boolean;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'of a maker: who is paid in his or her place' })
  readonly payee?: string | null;
}

export class PositionsView {
  @ApiProperty({ type: [PositionItemView], description: 'by key' })
  readonly items!: PositionItemView[];

  @ApiProperty({ type: PositionView, description: 'of all pages together' })
  readonly totals!: PositionView;

  @ApiProperty({ format: 'date-time' })
  readonly asOf!: Date;

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
