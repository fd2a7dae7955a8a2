import { ApiProperty } from '@nestjs/swagger';
import { Flag, Reason } from '#libs/contracts';
import { Value } from '#libs/http';

export class ConsentDto {
  @Value(Flag, { description: 'false: withdrawn, from now on' })
  readonly given!: boolean;

  @Value(Reason, { description: 'what shows it, such as a signed form; it is sealed' })
  readonly evidence!: string;
}

/** Whether a maker may be named in public. */
export class ConsentView {
  @ApiProperty()
  readonly makerId!: string;

  @ApiProperty()
  readonly given!: boolean;

  @ApiProperty({ format: 'date-time' })
  readonly at!: Date;

  @ApiProperty({ description: 'person id' })
  readonly by!: string;
}
