import { ApiProperty } from '@nestjs/swagger';
import { Flag, Reason } from '#libs/contracts';
import { Value } from '#libs/http';

export class ConsentDto {
  @Value(Flag, { description: 'false: withdrawn, from now on' })
  given!: boolean;

  @Value(Reason, { description: 'what shows it, such as a signed form; it is sealed' })
  evidence!: string;
}

/** Whether a maker may be named in public. */
export class ConsentView {
  @ApiProperty()
  makerId!: string;

  @ApiProperty()
  given!: boolean;

  @ApiProperty({ format: 'date-time' })
  at!: Date;

  @ApiProperty({ description: 'person id' })
  by!: string;
}
