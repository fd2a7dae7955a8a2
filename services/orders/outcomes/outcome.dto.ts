import { ApiProperty } from '@nestjs/swagger';
import { ChannelId, type Event, type OutcomeTold, outcomeTold, whole } from '#libs/contracts';
import { Parameter } from '#libs/http';
import type { StoredOutcome } from './outcome.repository.ts';

const Position = whole({
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  description: '`after` of the answer before; 0: from the beginning',
});

export class OutcomeQuery {
  @Parameter(ChannelId, { example: 'blanja' })
  readonly channel!: string;

  @Parameter(Position, { optional: true, default: 0 })
  readonly after: number = 0;

  @Parameter(whole({ min: 1, max: 1_000, description: 'how many' }), { optional: true, default: 100 })
  readonly limit: number = 100;
}

/** A CloudEvent, the same as on Kafka and in a webhook. */
class OutcomeEventView {
  @ApiProperty({ enum: ['1.0'] })
  readonly specversion!: '1.0';
  @ApiProperty({ format: 'uuid', description: 'the same wherever it is told' })
  readonly id!: string;
  @ApiProperty({ enum: [outcomeTold.type] })
  readonly type!: string;
  @ApiProperty({ example: '/pasindo/orders' })
  readonly source!: string;
  @ApiProperty({ example: 'blanja/INV-2026-0001', description: 'the order' })
  readonly subject!: string;
  @ApiProperty({ format: 'date-time' })
  readonly time!: string;
  @ApiProperty({ enum: ['application/json'] })
  readonly datacontenttype!: 'application/json';
  @ApiProperty({
    ...{ type: 'object', additionalProperties: true, description: `${outcomeTold.type} of docs/asyncapi.yaml` },
    example: outcomeTold.example,
  })
  readonly data!: OutcomeTold;
}

class PlacedOutcomeView extends OutcomeEventView {
  @ApiProperty({ type: 'integer', description: 'in the channel: `after` of the next question' })
  readonly position!: number;
}

export class OutcomesView {
  @ApiProperty({ type: [PlacedOutcomeView] })
  readonly items!: PlacedOutcomeView[];
  @ApiProperty({ type: 'integer', description: 'where the next begins, also when there is nothing more yet' })
  readonly after!: number;
}

export function placedViewOf({ position, ...stored }: StoredOutcome): PlacedOutcomeView {
  return { ...eventViewOf(stored), position };
}

export function eventViewOf({ outcomeId, toldAt, outcome }: Omit<StoredOutcome, 'position'>): OutcomeEventView {
  return {
    specversion: '1.0',
    id: outcomeId,
    type: outcomeTold.type,
    source: SOURCE,
    subject: outcomeTold.key(outcome),
    time: toldAt.toISOString(),
    datacontenttype: 'application/json',
    data: outcome,
  };
}

const SOURCE: Event['source'] = '/pasindo/orders';
