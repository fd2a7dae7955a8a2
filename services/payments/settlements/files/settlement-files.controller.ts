import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { body } from '#libs/access';
import { Correlation, Problem, TakesUpTo } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { Allow } from '../../policy.ts';
import { faultOfSum } from '../settlement.ts';
import {
  RowsTakenView,
  SettlementFileDto,
  SettlementFileView,
  type SettlementRowDto,
  SettlementRowsDto,
} from './settlement-file.dto.ts';
import { NOT_WITHDRAWN } from './settlement-file.ts';
import { SettlementFilesService } from './settlement-files.service.ts';
import type { SettlementRow } from './settlement-rows.service.ts';

@ApiTags('settlements')
@Controller('v1/settlement-files')
export class SettlementFilesController {
  constructor(private readonly files: SettlementFilesService) {}

  /** A report of a channel as it is exported. Sending it again, or an overlapping one, settles nothing twice. */
  @Allow('settlement.report', body('channel'))
  @TakesUpTo(33_554_432, 120)
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: SettlementFileView })
  @ApiUnprocessableEntityResponse({
    description: 'no report, or its rows are not what it says: nothing of it is taken',
  })
  upload(@Body() file: SettlementFileDto, @Correlation() cause: Cause): Promise<SettlementFileView> {
    return this.files.take(file, cause);
  }

  @Allow('settlement.report', body('channel'))
  @TakesUpTo(1_048_576)
  @Post('rows')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take rows of a report that was read elsewhere: `npm run import -- settlements FILE`' })
  @ApiOkResponse({ type: RowsTakenView })
  async take(
    @Body() { channel, rows, incomplete, ...more }: SettlementRowsDto,
    @Correlation() cause: Cause,
  ): Promise<RowsTakenView> {
    const errors = rows.flatMap((row, index) =>
      [...faultOfSum(row), ...faultOfWithdrawal(row)].map(({ field, ...fault }) => ({
        field: `rows.${index}.${field}`,
        ...fault,
      })),
    );
    if (errors.length > 0) throw new Problem({ status: 400, title: 'Invalid request', errors });
    if (incomplete) await this.files.keepIncomplete(channel, incomplete);
    return { outcomes: await this.files.takeRows({ channel, ...more, rows: rows.map(rowOf) }, cause) };
  }
}

/** What is withdrawn leaves a wallet: more than nothing does. */
function faultOfWithdrawal({ type, paidOut }: SettlementRowDto) {
  return type === 'withdrawal' && paidOut <= 0 ? [{ field: 'paidOut', ...NOT_WITHDRAWN }] : [];
}

function rowOf({ orderRef, bank, store, settledAt, ...row }: SettlementRowDto): SettlementRow {
  const orNull = (value: string | undefined) => value ?? null;
  const told = { orderRef: orNull(orderRef), bank: orNull(bank), store: orNull(store) };
  return { ...row, ...told, settledAt: new Date(settledAt).toISOString() };
}
