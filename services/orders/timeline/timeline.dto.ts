import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { IncomingMessage } from '../process/order-process.ts';
import type { KeptStep } from '../process/step.repository.ts';
import { CHANGING, type Change } from '../process/step.ts';

const messages = [
  ...(['checkout-accepted', 'checkout-refused', 'stock-reserved', 'stock-rejected', 'stock-awaited'] as const),
  ...(['payment-captured', 'payment-failed', 'sale-credited', 'sale-held', 'deadline-passed'] as const),
  ...(['refund-asked', 'payment-refunded', 'refund-posted', 'fulfilment-told', 'settlement-confirmed'] as const),
  ...(['dispute-opened', 'dispute-closed'] as const),
] satisfies IncomingMessage['type'][];

class ChangeView implements Change {
  @ApiProperty({ enum: CHANGING })
  readonly of!: Change['of'];
  @ApiPropertyOptional({ description: 'of a sale its facility, of a refund, settlement or dispute its id' })
  readonly id?: string;
  @ApiPropertyOptional({ description: 'absent: there was none', example: 'unpaid' })
  readonly before?: string;
  @ApiProperty({ example: 'credited' })
  readonly after!: string;
}

export class StepView {
  @ApiProperty({ type: 'integer', description: 'in the order; what somebody may not see is left out' })
  readonly number!: number;
  @ApiProperty({ format: 'date-time', description: 'when the order heard of it' })
  readonly at!: string;
  @ApiProperty({ enum: messages })
  readonly message!: IncomingMessage['type'];
  @ApiPropertyOptional({ format: 'uuid', description: 'the event; absent of a request or a deadline' })
  readonly messageId?: string;
  @ApiProperty({ format: 'uuid' })
  readonly correlationId!: string;
  @ApiPropertyOptional({ example: 'blanja', description: 'which channel sent it' })
  readonly channel?: string;
  @ApiPropertyOptional({ description: 'who asked for it; absent for marketplaces' })
  readonly person?: string;
  @ApiProperty({ type: [ChangeView], description: 'empty: it came before its time, and was kept' })
  readonly changes!: readonly Change[];
}

export class TimelinePage {
  @ApiProperty({ type: [StepView], description: 'oldest first; may be fewer than asked for before the last page' })
  readonly items!: StepView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'steps are kept from then on; absent: all of them are' })
  readonly keptSince?: string;
}

export function stepView({
  number,
  at,
  message,
  messageId,
  correlationId,
  channel,
  person,
  changes,
}: KeptStep): StepView {
  return {
    ...{ number, at: at.toISOString(), message, correlationId, changes },
    ...(messageId !== null && { messageId }),
    ...(channel !== null && { channel }),
    ...(person !== null && { person }),
  };
}
