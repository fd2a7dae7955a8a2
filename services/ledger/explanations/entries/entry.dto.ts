import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EntryView } from '../../books/journals/journal.dto.ts';
import { SentenceView } from '../../books/journals/sentence.dto.ts';

class ExplainedEntryView extends EntryView {
  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty({ example: 'sale' })
  readonly kind!: string;

  @ApiProperty({ format: 'date' })
  readonly postedOn!: string;

  @ApiProperty({ format: 'date-time' })
  readonly occurredAt!: Date;

  @ApiProperty({ example: 'blanja/1001@F1' })
  readonly sourceReference!: string;
}

const json = { type: 'object', additionalProperties: true } as const;

export class EntryExplanationView {
  @ApiProperty({ type: ExplainedEntryView })
  readonly entry!: ExplainedEntryView;

  @ApiPropertyOptional({
    ...json,
    description: 'of a sale or refund: the order, its part at one facility, and when it was placed',
  })
  readonly order?: object;

  @ApiPropertyOptional({
    type: 'array',
    items: json,
    description:
      'the order line with the agreement that shared it; its `chains` are, lot by lot or maker by maker, the computations from the price to this account, ' +
      'each with its input, rate, exact value and `result` in whole rupiah; they add up to what the sale credited',
  })
  readonly lines?: object[];

  @ApiPropertyOptional({
    ...json,
    description:
      'of all other journals: what they were posted for (report, sale, payout item, draft, close), who decided it, and the figures',
  })
  readonly cause?: object;

  @ApiPropertyOptional({
    ...json,
    description: 'of a refund: of each credit, what is due back in all, exactly, and what is new of it',
  })
  readonly refund?: object;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'the amount computed again from the frozen event; null: no such entry',
  })
  readonly recomputed!: number | null;

  @ApiProperty({ description: 'what was computed again is what is posted; false is an alarm' })
  readonly matches!: boolean;

  @ApiProperty({ type: SentenceView, description: 'why, as one sentence' })
  readonly sentence!: SentenceView;
}
