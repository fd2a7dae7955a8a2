import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list } from '#libs/access';
import { Allow } from '../../policy.ts';
import { PositionQuery, PositionsView } from './position.dto.ts';
import { PositionsService } from './positions.service.ts';

@ApiTags('reports')
@Controller('v1/positions')
export class PositionsController {
  constructor(private readonly positions: PositionsService) {}

  /** What is where, now: with channels and at banks, whose it is, what of it can be paid, and what the state is owed. */
  @Allow('report.read', list)
  @Get()
  @ApiOkResponse({ type: PositionsView })
  get(@Query() query: PositionQuery): Promise<PositionsView> {
    return this.positions.of(query);
  }
}
