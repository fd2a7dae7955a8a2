import { Reason } from '#libs/contracts';
import { Value } from '#libs/http';

/** What a person drafts, with who it is: the body says the one, the token the other. */
export type ByPerson<Dto> = Dto & { readonly by: string };

export class RejectionDto {
  @Value(Reason)
  readonly reason!: string;
}
