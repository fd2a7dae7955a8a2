import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Reason } from '#libs/contracts';
import { Decided } from '#libs/decisions';
import { Value } from '#libs/http';
import type { ListedRefusedEvent, RefusalReason, Resolution } from './refused-event.repository.ts';

const reasons: RefusalReason[] = ['conflict', 'sale-unknown', 'no-agreement', 'too-large', 'exceeds-wallet'];

export class ResolutionDto {
  @Value(Reason, { description: 'what was found, and why this is right' })
  readonly reason!: string;
}

class ResolutionView extends Decided implements Resolution {
  @ApiProperty({ format: 'uuid' })
  readonly resolutionId!: string;
  @ApiProperty({
    enum: ['redrive', 'discard'],
    description: 'redrive: it is posted after all; discard: it is given up',
  })
  readonly action!: Resolution['action'];
  @ApiProperty()
  readonly reason!: string;
}

export class RefusedEventView implements ListedRefusedEvent {
  @ApiProperty({ format: 'uuid' })
  readonly eventId!: string;
  @ApiProperty({ example: 'orders.sale-refunded.v1' })
  readonly type!: string;
  @ApiProperty({ description: 'sale id, refund id, ...' })
  readonly reference!: string;
  @ApiProperty({
    enum: reasons,
    description:
      'conflict: the books hold other content for it; sale-unknown: nothing was sold that this is about; no-agreement: of before such sales were held; too-large: a sum would be beyond 2^53-1 rupiah; exceeds-wallet: more was withdrawn than is in the wallet, and it is posted by itself once it is',
  })
  readonly reason!: RefusalReason;
  @ApiProperty({ type: Object, description: 'as it came' })
  readonly data!: unknown;
  @ApiProperty({ format: 'uuid' })
  readonly correlationId!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  readonly refusedAt!: Date;
  @ApiProperty({ type: ResolutionView, nullable: true, description: 'what people did about it; null: nothing' })
  readonly resolution!: ResolutionView | null;
}

export class RefusedEventPage {
  @ApiProperty({ type: [RefusedEventView] })
  readonly items!: RefusedEventView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
