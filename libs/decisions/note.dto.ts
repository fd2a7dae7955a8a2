import { PersonId, Reason } from '#libs/contracts';
import { Value } from '#libs/http';

/** What somebody knows of what does not come right by itself. */
export class NoteDto {
  @Value(PersonId, { description: 'who looks after it from now on' })
  readonly owner!: string;

  @Value(Reason, { description: 'what is known of it, or done about it' })
  readonly note!: string;
}
