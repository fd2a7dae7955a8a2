import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChannelId, oneOf, StoredText } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';
import { type ExceptionKind, kinds, type ListedException } from './exception.repository.ts';

export class ExceptionQuery extends PageQuery {
  @Parameter(ChannelId, { optional: true })
  readonly channel?: string;

  @Parameter(oneOf(kinds), { optional: true })
  readonly kind?: ExceptionKind;
}

export class ExceptionParameters {
  @Parameter(oneOf(kinds))
  readonly kind!: ExceptionKind;

  @Parameter(StoredText, { description: 'as the list has it' })
  readonly reference!: string;
}

export class ExceptionView implements ListedException {
  @ApiProperty({
    enum: kinds,
    description:
      'conflict: it was reported before with other amounts, or of another store; unknown-type: what the channel calls it is none of what we know; no-store: of no order, from before the books took such rows; too-much: more than its order could be settled for; file-incomplete: a file holds less than it says',
  })
  readonly kind!: ExceptionKind;

  @ApiProperty({ description: 'stays the same as long as it is there' })
  readonly reference!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'the order, what the channel calls it, or the file' })
  readonly detail!: string | null;

  @ApiProperty({ type: 'integer', description: 'what is at stake, whole rupiah (IDR)' })
  readonly amount!: number;

  @ApiProperty({ format: 'date', description: 'in Asia/Jakarta' })
  readonly since!: string;

  @ApiProperty({ type: 'integer', description: 'how many days since then' })
  readonly days!: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id' })
  readonly owner!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'the last one' })
  readonly note!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'person id: who wrote the note' })
  readonly notedBy!: string | null;

  @ApiProperty({
    enum: ['assign', 'accept'],
    isArray: true,
    description: 'assign: say who looks after it, and what was done; accept: by another person than who said so',
  })
  readonly actions!: readonly ('assign' | 'accept')[];
}

export class ExceptionPage {
  @ApiProperty({ type: [ExceptionView], description: 'the oldest first' })
  readonly items!: ExceptionView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
