import { ApiProperty } from '@nestjs/swagger';

export class SentenceView {
  @ApiProperty({ description: 'in Indonesian' })
  readonly id!: string;

  @ApiProperty({ description: 'in English' })
  readonly en!: string;
}
