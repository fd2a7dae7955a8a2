import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChannelId } from '#libs/contracts';
import { PageQuery, Parameter, Value } from '#libs/http';
import type { GivenUpWebhook } from './outgoing-webhook.repository.ts';

export class GivenUpQuery extends PageQuery {
  @Parameter(ChannelId, { optional: true })
  readonly channel?: string;
}

export class GivenUpWebhookView implements GivenUpWebhook {
  @ApiProperty({ example: 'blanja/INV-2026-0001' })
  readonly orderId!: string;
  @ApiProperty({ type: 'integer', description: 'of the outcome in the order' })
  readonly number!: number;
  @ApiProperty({ example: 'blanja' })
  readonly channel!: string;
  @ApiProperty({ type: 'integer' })
  readonly attempts!: number;
  @ApiProperty({ type: String, nullable: true, example: 'it answered 500' })
  readonly lastError!: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  readonly endedAt!: Date;
  @ApiProperty({ type: 'integer', description: 'later outcomes of the order, which wait for it' })
  readonly behind!: number;
}

export class GivenUpPage {
  @ApiProperty({ type: [GivenUpWebhookView] })
  readonly items!: GivenUpWebhookView[];
  @ApiPropertyOptional()
  readonly nextCursor?: string;
}

export class RedriveDto {
  @Value(ChannelId, { example: 'blanja' })
  readonly channel!: string;
}

export class RedrivenView {
  @ApiProperty({ type: 'integer', description: 'how many are sent again' })
  readonly redriven!: number;
}
