import { ApiProperty } from '@nestjs/swagger';
import type { Fault } from '#libs/contracts';
import { Decided } from './decided.ts';

class SentenceView {
  @ApiProperty({ description: 'Indonesian' })
  readonly id!: string;

  @ApiProperty({ description: 'English' })
  readonly en!: string;
}

class WhyNotView implements Fault {
  @ApiProperty({ example: 'same-person' })
  readonly code!: string;

  @ApiProperty({ type: SentenceView })
  readonly message!: SentenceView;
}

/** What whoever asks may do with something that is decided about, or why not. */
export class ActionView {
  @ApiProperty({ enum: ['review', 'approval', 'receipt', 'rejection', 'withdrawal'], description: 'end of its route' })
  readonly name!: string;

  @ApiProperty()
  readonly allowed!: boolean;

  @ApiProperty({ type: WhyNotView, nullable: true, description: 'why not; null: it is allowed' })
  readonly why!: WhyNotView | null;
}

/** For the views of what is decided about: its controller is `@Decidable`. */
export const Actions = () =>
  ApiProperty({ type: [ActionView], description: 'what whoever asks may do with it, and why not' });

export class DecidedView extends Decided {
  /** Added to every answer by actions.interceptor.ts. */
  @Actions()
  readonly actions?: ActionView[];
}
