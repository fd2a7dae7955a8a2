import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChannelId, OUTCOME_STATUSES } from '#libs/contracts';
import { PageQuery, Parameter } from '#libs/http';
import type { ListedMessage, WebhookAnswer } from './webhook-message.repository.ts';

class WebhookErrorView {
  @ApiProperty({ example: 'lines/0/quantity' })
  readonly field!: string;
  @ApiProperty({ example: 'not-a-whole-number' })
  readonly code!: string;
  @ApiProperty()
  readonly message!: string;
}

export class WebhookAnswerView implements Omit<WebhookAnswer, 'faults'> {
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({
    enum: ['accepted', 'taken', 'duplicate', 'conflict', 'invalid', 'wrong-channel'],
    description: 'accepted: a checkout; taken: a refund; duplicate: it came before; else a code of docs/ERRORS.md',
  })
  readonly outcome!: WebhookAnswer['outcome'];
  @ApiPropertyOptional({ enum: OUTCOME_STATUSES, description: 'of the order now; absent if it is of another channel' })
  readonly status?: string;
  @ApiProperty({
    description: 'the same event came before: what became of it then is said again, and nothing was done',
  })
  readonly repeated!: boolean;
  @ApiPropertyOptional({ type: [WebhookErrorView], description: 'of an invalid one' })
  readonly errors?: WebhookErrorView[];
}

export class WebhookMessageQuery extends PageQuery {
  @Parameter(ChannelId, { optional: true })
  readonly channel?: string;
}

export class WebhookMessageView implements ListedMessage {
  @ApiProperty({ format: 'uuid' })
  readonly messageId!: string;
  @ApiProperty({ example: 'blanja' })
  readonly channel!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  readonly receivedAt!: Date;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'as it was answered, or unreadable; null: it was never judged, and its sender was answered an error',
  })
  readonly outcome!: string | null;
  @ApiProperty({ type: String, nullable: true })
  readonly orderId!: string | null;
}

export class WebhookMessagePage {
  @ApiProperty({ type: [WebhookMessageView] })
  readonly items!: WebhookMessageView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class OpenedWebhookMessageView extends WebhookMessageView {
  @ApiProperty({ description: 'headers and body as they came' })
  readonly content!: string;
}
