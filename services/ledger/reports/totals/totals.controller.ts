import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list } from '#libs/access';
import { Allow } from '../../policy.ts';
import { TotalQuery, TotalsView } from './total.dto.ts';
import { TotalsService } from './totals.service.ts';

@ApiTags('reports')
@Controller('v1/totals')
export class TotalsController {
  constructor(private readonly totals: TotalsService) {}

  /**
   * What was sold and who got it: sales, their refunds, and contributions recorded later. Added up behind posting, so that
   * it costs the same however much was sold; `asOf` says until when.
   */
  @Allow('report.read', list)
  @Get()
  @ApiOkResponse({ type: TotalsView })
  get(@Query() query: TotalQuery): Promise<TotalsView> {
    return this.totals.of(query);
  }
}
