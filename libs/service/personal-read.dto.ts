import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MakerId } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';

export class PersonalReadsQuery extends PageQuery {
  @Parameter(MakerId, { optional: true, description: 'reads that named this maker' })
  makerId?: string;
}

const emptied = { nullable: true, description: 'null: after five years' } as const;

export class PersonalReadView {
  @ApiProperty({ type: 'integer', description: 'n-th read, without gaps' })
  number!: number;

  @ApiProperty({ format: 'date-time' })
  at!: Date;

  @ApiProperty({ type: String, ...emptied })
  person!: string | null;

  @ApiProperty({ type: String, ...emptied })
  client!: string | null;

  @ApiProperty({ type: String, ...emptied })
  route!: string | null;

  @ApiProperty({ type: String, ...emptied })
  purpose!: string | null;

  @ApiProperty({ type: [String], ...emptied })
  makerIds!: readonly string[] | null;

  @ApiProperty({ description: 'of this read and all before it' })
  hash!: string;
}

export class PersonalReadPage {
  @ApiProperty({ type: [PersonalReadView] })
  items!: PersonalReadView[];

  @ApiPropertyOptional()
  nextCursor?: string;
}
