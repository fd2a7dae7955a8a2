import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MakerId } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class PersonalReadsQuery extends PageQuery {
  @Parameter(MakerId, { optional: true, description: 'reads that named this maker' })
  readonly makerId?: string;
}

const emptied = { nullable: true, description: 'null: after five years' } as const;

export class PersonalReadView {
  @ApiProperty({ type: 'integer', description: 'n-th read, without gaps' })
  readonly number!: number;

  @ApiProperty({ format: 'date-time' })
  readonly at!: Date;

  @ApiProperty({ type: String, ...emptied })
  readonly person!: string | null;

  @ApiProperty({ type: String, ...emptied })
  readonly client!: string | null;

  @ApiProperty({ type: String, ...emptied })
  readonly route!: string | null;

  @ApiProperty({ type: String, ...emptied })
  readonly purpose!: string | null;

  @ApiProperty({ type: [String], ...emptied })
  readonly makerIds!: readonly string[] | null;

  @ApiProperty({ description: 'of this read and all before it' })
  readonly hash!: string;
}

export class PersonalReadPage {
  @ApiProperty({ type: [PersonalReadView] })
  readonly items!: PersonalReadView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
