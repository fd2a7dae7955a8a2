import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  BankId,
  ChannelId,
  described,
  Flag,
  Name,
  OrderRef,
  oneOf,
  PastInstant,
  SettlementRef,
  SignedMoney,
  StoreRef,
  textKind,
} from '#libs/contracts';
import { Nested, NestedList, Value } from '#libs/http';
import type { RowType } from './settlement-file.ts';
import type { RowOutcome } from './settlement-rows.service.ts';

export const ROWS_AT_ONCE = 500;

/** A file is read cell by cell; what it may hold is said there. */
const FileContent = textKind({ description: 'content of a file' }, () => undefined);
const STORE = 'of the channel, if a row does not say it: whose what is of no order is';
const WITHDRAWN_TO = 'the bank that is withdrawn to, if a row does not say it';
const BANK = 'where the money came to, if a row does not say it; without: `{channel}-wallet`';

export class SettlementFileDto {
  @Value(ChannelId, { example: 'blanja' })
  readonly channel!: string;

  @Value(Name, { description: 'of the file, as its exceptions are called', example: 'Income.2026-03.xlsx' })
  readonly name!: string;

  @Value(described(FileContent, 'CSV'), { optional: true })
  readonly csv?: string;

  @Value(described(FileContent, 'XLSX in base64'), { optional: true })
  readonly xlsx?: string;

  @Value(BankId, { optional: true, description: BANK })
  readonly bank?: string;

  @Value(StoreRef, { optional: true, description: STORE })
  readonly store?: string;

  @Value(BankId, { optional: true, description: WITHDRAWN_TO })
  readonly withdrawnTo?: string;

  @Value(Flag, { optional: true, default: false, description: 'only tells what would become of it' })
  readonly dryRun?: boolean;
}

const types: RowType[] = ['order', 'refund', 'compensation', 'cost', 'withdrawal', 'unknown'];

export class SettlementRowDto {
  @Value(OrderRef, { optional: true, description: 'absent: of no order' })
  readonly orderRef?: string;

  @Value(oneOf(types))
  readonly type!: RowType;

  @Value(Name, { description: 'what the report calls it' })
  readonly called!: string;

  @Value(SettlementRef)
  readonly settlementRef!: string;

  @Value(PastInstant)
  readonly settledAt!: string;

  @Value(SignedMoney)
  readonly revenue!: number;

  @Value(SignedMoney)
  readonly fee!: number;

  @Value(SignedMoney)
  readonly shipping!: number;

  @Value(SignedMoney)
  readonly withheldTax!: number;

  @Value(SignedMoney)
  readonly paidOut!: number;

  @Value(oneOf(['all', 'part']))
  readonly settles!: 'all' | 'part';

  @Value(BankId, { optional: true })
  readonly bank?: string;

  @Value(StoreRef, { optional: true })
  readonly store?: string;
}

class IncompleteDto {
  @Value(Name, { description: 'of the file' })
  readonly name!: string;

  @Value(SignedMoney, { description: 'what it says that it holds, whole rupiah' })
  readonly said!: number;

  @Value(SignedMoney, { description: 'what its rows come to' })
  readonly found!: number;
}

export class SettlementRowsDto {
  @Value(ChannelId, { example: 'blanja' })
  readonly channel!: string;

  @Value(BankId, { optional: true, description: BANK })
  readonly bank?: string;

  @Value(StoreRef, { optional: true, description: STORE })
  readonly store?: string;

  @Value(BankId, { optional: true, description: WITHDRAWN_TO })
  readonly withdrawnTo?: string;

  @NestedList(SettlementRowDto, { min: 0, max: ROWS_AT_ONCE })
  readonly rows!: SettlementRowDto[];

  @Nested(IncompleteDto, { optional: true, description: 'their file holds less than it says' })
  readonly incomplete?: IncompleteDto;
}

const outcomes: RowOutcome[] = ['taken', 'duplicate', 'conflict', 'unknown-type', 'no-store', 'too-much', 'no-bank'];

export class RowsTakenView {
  @ApiProperty({ enum: outcomes, isArray: true, description: 'of each row, in their order' })
  readonly outcomes!: readonly RowOutcome[];
}

class RefusedRowView {
  @ApiPropertyOptional()
  readonly sheet?: string;

  @ApiProperty({ type: 'integer', description: 'as a spreadsheet numbers it' })
  readonly line!: number;

  @ApiPropertyOptional({ description: 'as the file calls it; absent: of the row as a whole' })
  readonly column?: string;

  @ApiProperty({ example: 'not-the-sum' })
  readonly code!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'in Indonesian and English' })
  readonly message!: { readonly id: string; readonly en: string };
}

class ControlTotalView {
  @ApiProperty({ enum: ['total-row', 'summary'] })
  readonly of!: 'total-row' | 'summary';

  @ApiProperty({ type: 'integer', description: 'what the file says, whole rupiah' })
  readonly said!: number;

  @ApiProperty({ type: 'integer', description: 'what its rows come to' })
  readonly found!: number;
}

export class SettlementFileView {
  @ApiProperty()
  readonly dryRun!: boolean;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: `how many became what: ${outcomes.join(', ')}, refused, skipped`,
  })
  readonly rows!: Readonly<Record<string, number>>;

  @ApiProperty({ type: 'integer', description: 'of those taken, whole rupiah' })
  readonly paidOut!: number;

  @ApiProperty({ type: [ControlTotalView] })
  readonly totals!: readonly ControlTotalView[];

  @ApiProperty({ type: [String], description: 'money columns that we do not know, counted as fees' })
  readonly unknownColumns!: readonly string[];

  @ApiProperty({ type: [RefusedRowView], description: 'the first 1,000' })
  readonly refused!: readonly RefusedRowView[];
}
