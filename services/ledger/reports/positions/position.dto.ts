import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { oneOf, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

const KEYS = ['facility', 'region', 'maker'] as const;

export class PositionQuery extends PageQuery {
  @Parameter(oneOf(KEYS), { description: 'what there is an item for' })
  by!: (typeof KEYS)[number];

  @Parameter(StoredText, { optional: true, description: 'only of this facility, and of makers who are there' })
  facilityId?: string;

  @Parameter(StoredText, {
    optional: true,
    description: 'only of facilities of this region, and of makers who are there',
  })
  region?: string;
}

class SharePosition {
  @ApiProperty({ description: 'of sales that are not released' })
  pending!: number;

  @ApiProperty({ description: 'can be paid out' })
  available!: number;
}

class MakersPositionView extends SharePosition {
  @ApiProperty({ description: 'how many makers are seated there' })
  count!: number;

  @ApiProperty({ description: 'how many of them have something available' })
  awaiting!: number;

  @ApiProperty({ description: 'in a payout that is not finished' })
  reserved!: number;

  @ApiProperty({ description: 'locked until release' })
  savings!: number;

  @ApiProperty({ description: 'to be given back' })
  receivable!: number;
}

class PnbpPosition {
  @ApiProperty({ description: 'to the state' })
  owed!: number;

  @ApiProperty({ description: 'of it, what has a billing code' })
  billed!: number;

  @ApiProperty({ description: 'of it, what has none yet' })
  unbilled!: number;

  @ApiProperty({
    type: 'string',
    format: 'date',
    nullable: true,
    description:
      'day of the oldest sale of which some is owed, if deposits pay the oldest first; null: nothing is owed',
  })
  since!: string | null;
}

const ofFacilities = (description: string) =>
  ApiProperty({ type: 'integer', nullable: true, description: `${description}; null: of a maker` });

class PositionView {
  @ofFacilities('with channels, less the fee and shipping that they are expected to keep')
  channelHeld!: number | null;

  @ofFacilities('at banks')
  bank!: number | null;

  @ofFacilities('production cost returned')
  costRecovery!: number | null;

  @ApiProperty({ type: SharePosition, nullable: true })
  facility!: SharePosition | null;

  @ApiProperty({ type: MakersPositionView, description: 'of those who are seated there, wherever they earned it' })
  makers!: MakersPositionView;

  @ofFacilities('of lots that nobody is recorded for')
  suspense!: number | null;

  @ApiProperty({ type: PnbpPosition, nullable: true })
  pnbp!: PnbpPosition | null;
}

class PositionItemView extends PositionView {
  @ApiProperty({ type: 'string', nullable: true, description: 'null: of facilities whose region nobody told' })
  key!: string | null;

  @ApiPropertyOptional({ description: 'of a maker: where he or she is seated' })
  facilityId?: string;

  @ApiPropertyOptional({ description: 'of a maker: whether payouts are on hold' })
  frozen?: boolean;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'of a maker: who is paid in his or her place' })
  payee?: string | null;
}

export class PositionsView {
  @ApiProperty({ type: [PositionItemView], description: 'by key' })
  items!: PositionItemView[];

  @ApiProperty({ type: PositionView, description: 'of all pages together' })
  totals!: PositionView;

  @ApiProperty({ format: 'date-time' })
  asOf!: Date;

  @ApiPropertyOptional()
  nextCursor?: string;
}
