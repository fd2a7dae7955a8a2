import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AgreementVersion } from '../../books/journals/journal.dto.ts';

class ExplainedEntry {
  @ApiProperty()
  readonly account!: string;

  @ApiProperty()
  readonly amount!: number;

  @ApiProperty({ type: 'string', nullable: true })
  readonly lineRef!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  readonly step!: string | null;
}

export class ExplanationView {
  @ApiProperty({ format: 'uuid' })
  readonly journalId!: string;

  @ApiProperty({ example: 'sale' })
  readonly kind!: string;

  @ApiProperty({ description: 'what was computed again is what is posted; false is an alarm' })
  readonly matches!: boolean;

  @ApiProperty({
    type: AgreementVersion,
    nullable: true,
    description: 'that shared the sale; null: its lines have several, each names its own',
  })
  readonly agreement!: AgreementVersion | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description:
      'of each line: the agreement that shared it, its lots with basis and contributions, and each step with input, rate, result, rounding',
  })
  readonly lines!: object[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'of a refund: what each credit of the line had given back before and gives back now',
  })
  readonly refund?: object;

  @ApiProperty({ type: [ExplainedEntry], description: 'computed again from the frozen event and the agreement' })
  readonly entries!: ExplainedEntry[];

  @ApiProperty({ type: [ExplainedEntry], description: 'as posted' })
  readonly posted!: ExplainedEntry[];
}
