import { PersonId, Reason } from '#libs/contracts';
import { Value } from '#libs/http';

/** Who says it. */
export class PersonDto {
  @Value(PersonId, { example: 'p-17' })
  by!: string;
}

export class RejectionDto extends PersonDto {
  @Value(Reason)
  readonly reason!: string;
}
