import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Month, oneOf, Reason } from '#libs/contracts';
import { DecidedView } from '#libs/decisions';
import { Parameter, Value } from '#libs/http';
import type { Checked } from '../../proof/verification/verification-report.ts';

const json = { type: 'object', additionalProperties: true, nullable: true } as const;

const actions = ['close', 'reopen'] as const;

export class MonthParameter {
  @Parameter(Month, { example: '2026-01', description: 'calendar month of posting dates, in Asia/Jakarta' })
  readonly month!: string;
}

export class DecisionParameters extends MonthParameter {
  @Parameter(oneOf(actions))
  readonly action!: (typeof actions)[number];
}

export class RequestDto {
  @Value(Reason, { description: 'why; of a close also why what is still open may be' })
  readonly reason!: string;
}

export class ListView {
  @ApiProperty()
  readonly count!: number;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: 'at most 100' })
  readonly first!: readonly object[];
}

export class ChecklistView {
  @ApiProperty({ type: ListView, description: 'sales not settled or not released' })
  readonly unsettled!: ListView;

  @ApiPropertyOptional({ type: ListView, description: 'money that nobody can be credited for yet' })
  readonly held?: ListView;

  @ApiProperty({ type: ListView, description: 'facilities with lots of unknown makers' })
  readonly suspense!: ListView;

  @ApiProperty({ type: ListView, description: 'events that are not in the books' })
  readonly deadLetters!: ListView;

  @ApiProperty({ type: ListView, description: 'adjustments that nobody has approved' })
  readonly drafts!: ListView;

  @ApiProperty({ type: ListView, description: 'posted on its first day, as their own month was closed' })
  readonly late!: ListView;

  @ApiPropertyOptional({ format: 'date-time', description: 'when all books were verified; absent: not for this month' })
  readonly verifiedAt?: string;

  @ApiPropertyOptional({ type: ListView, description: 'not what events and agreements give; forbid a close' })
  readonly unexplained?: ListView;

  @ApiPropertyOptional({ type: ListView, description: 'rows that contradict each other; forbid a close' })
  readonly unbalanced?: ListView;

  @ApiPropertyOptional({
    type: ListView,
    description: 'balances and decisions from before a law of accounts was enforced that break it; for people to judge',
  })
  readonly unlawful?: ListView;
}

export class DecisionView extends DecidedView {
  @ApiProperty({ example: '2026-01' })
  readonly month!: string;

  @ApiProperty({ enum: actions })
  readonly action!: (typeof actions)[number];

  @ApiProperty({ format: 'uuid' })
  readonly decisionId!: string;

  @ApiProperty()
  readonly reason!: string;

  @ApiProperty({
    enum: ['checking', 'unsound', 'waiting', 'approved', 'rejected', 'withdrawn'],
    description: 'checking: the books are being verified; unsound: never to be approved; waiting: for another person',
  })
  readonly status!: string;

  @ApiProperty({ ...json, description: 'while checking: how many rows are verified so far' })
  readonly progress!: Checked | null;

  @ApiProperty({ type: ChecklistView, nullable: true, description: 'of a close that is checked' })
  readonly checklist!: ChecklistView | null;

  @ApiProperty({
    ...{ type: 'string', format: 'date-time', nullable: true },
    description: 'of a close that waits: how long its verification speaks for the books, and it can be approved',
  })
  readonly approvableUntil!: Date | null;

  @ApiProperty({ type: [String], nullable: true, description: 'of an approved close: the journals that it posted' })
  readonly journals!: readonly string[] | null;
}

export class PeriodsPage {
  @ApiProperty({ type: 'string', nullable: true, description: 'all months before it are closed; null: none is' })
  readonly firstOpenMonth!: string | null;

  @ApiProperty({ type: [DecisionView] })
  readonly items!: DecisionView[];

  @ApiPropertyOptional()
  readonly nextCursor?: string;
}
