import { PersonId } from '#libs/contracts';
import { Value } from '#libs/http';

/** Who says it. */
export class PersonDto {
  @Value(PersonId, { example: 'p-17' })
  by!: string;
}
