import { ApiProperty } from '@nestjs/swagger';
import { StoredText, Uuid } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';
import { AgreementVersion } from '../../books/journals/journal.dto.ts';
import { SentenceView } from '../../books/journals/sentence.dto.ts';

export class FlowQuery extends PageQuery {
  @Parameter(StoredText, { optional: true, description: 'all sales of this order', example: 'blanja/1001' })
  readonly orderId?: string;

  @Parameter(StoredText, { optional: true, description: 'this sale and its refunds', example: 'blanja/1001@F1' })
  readonly saleId?: string;

  @Parameter(Uuid, { optional: true, description: 'this journal, of a sale or refund' })
  readonly journalId?: string;
}

class RatioView {
  @ApiProperty({ type: 'integer' })
  readonly num!: number;

  @ApiProperty({ type: 'integer' })
  readonly den!: number;
}

class ExactView {
  @ApiProperty({ type: 'integer' })
  readonly whole!: number;

  @ApiProperty({ type: RatioView, description: 'below 1' })
  readonly fraction!: RatioView;
}

const KINDS = [
  'price',
  'lot',
  'basis',
  'step',
  'share',
  'makers',
  'contribution',
  'premi',
  'account',
  'refund',
] as const;
const MEASURES = ['hours', 'pieces', 'weight', 'equal'] as const;

export class FlowNodeView {
  @ApiProperty({ description: 'of the line' })
  readonly id!: string;

  @ApiProperty({ enum: KINDS })
  readonly kind!: (typeof KINDS)[number];

  @ApiProperty({ description: 'whole rupiah, positive: what flows into it, and out of it' })
  readonly amount!: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'that it ends on or comes from' })
  readonly account!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'which entry of the account it is, or is a part of; null: of none, as the line gives the account as much as it takes',
  })
  readonly version!: number | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'null: of the whole line' })
  readonly lotId!: string | null;

  @ApiProperty({ type: RatioView, nullable: true, description: 'of what flows into the step or share' })
  readonly rate!: RatioView | null;

  @ApiProperty({ type: ExactView, nullable: true, description: 'what the amount was rounded from' })
  readonly exact!: ExactView | null;

  @ApiProperty({ type: 'string', enum: ['up', 'down'], nullable: true, description: 'null: it is exact' })
  readonly rounded!: 'up' | 'down' | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'of a maker’s contribution, as decimal', example: '32' })
  readonly weight!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'of all makers of the lot', example: '72.5' })
  readonly weights!: string | null;

  @ApiProperty({ type: 'string', enum: MEASURES, nullable: true })
  readonly measure!: (typeof MEASURES)[number] | null;

  @ApiProperty({ type: SentenceView, description: 'what it is called' })
  readonly label!: SentenceView;

  @ApiProperty({ type: SentenceView, description: 'why; of an account the sentence of its entry' })
  readonly sentence!: SentenceView;
}

class FlowEdgeView {
  @ApiProperty()
  readonly from!: string;

  @ApiProperty()
  readonly to!: string;

  @ApiProperty({ description: 'whole rupiah, positive' })
  readonly amount!: number;
}

export class FlowLineView {
  @ApiProperty()
  readonly lineRef!: string;

  @ApiProperty()
  readonly sku!: string;

  @ApiProperty({ type: AgreementVersion, description: 'that shared it' })
  readonly agreement!: AgreementVersion;

  @ApiProperty({
    type: [FlowNodeView],
    description: 'from the price to accounts; of a refund from accounts to the buyer. Nothing is without amount.',
  })
  readonly nodes!: FlowNodeView[];

  @ApiProperty({ type: [FlowEdgeView], description: 'those into a node are its amount together, and those out of it' })
  readonly edges!: FlowEdgeView[];
}

class FlowView {
  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty({ example: 'blanja/1001@F1' })
  readonly saleId!: string;

  @ApiProperty()
  readonly facilityId!: string;

  @ApiProperty({ enum: ['sale', 'refund'] })
  readonly kind!: string;

  @ApiProperty({ format: 'date' })
  readonly postedOn!: string;

  @ApiProperty({ description: 'what was computed again is what is posted; false is an alarm' })
  readonly matches!: boolean;

  @ApiProperty({ type: [FlowLineView] })
  readonly lines!: FlowLineView[];
}

export class FlowPage {
  @ApiProperty({ type: [FlowView], description: 'by facility, in the order of posting' })
  readonly items!: FlowView[];

  @ApiProperty({ required: false })
  readonly nextCursor?: string;
}
