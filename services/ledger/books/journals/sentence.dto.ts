import { ApiProperty } from '@nestjs/swagger';

export class SentenceView {
  @ApiProperty({ description: 'in Indonesian' })
  id!: string;

  @ApiProperty({ description: 'in English' })
  en!: string;
}
