import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { By } from '#libs/access';
import { Ordinal, StoredText, Uuid } from '#libs/contracts';
import { PathValue } from '#libs/http';
import { Allow } from '../../policy.ts';
import { SimulationDto, SimulationView } from './simulation.dto.ts';
import { SimulationsService } from './simulations.service.ts';

@ApiTags('agreements')
@Controller('v1/agreements/:id/:version/simulations')
export class SimulationsController {
  constructor(private readonly simulations: SimulationsService) {}

  /**
   * Finds out who would have gained and lost if this version had shared the sales of these days: `GET` tells how far it
   * is. Posts nothing. What a step counts over a week or a month begins at nothing on the first day; what is owed, and
   * balances that a ceiling is on, begin as they stand now; a refund counts as if it had come with its sale.
   */
  @Allow('agreement.simulate')
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: SimulationView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'another one runs' })
  start(
    @PathValue('id', StoredText) id: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
    @Body() simulation: SimulationDto,
  ): Promise<SimulationView> {
    return this.simulations.start({ id, version }, simulation, by);
  }

  @Allow('agreement.simulate')
  @Get(':simulationId')
  @ApiOkResponse({ type: SimulationView })
  @ApiNotFoundResponse()
  find(
    @PathValue('id', StoredText) id: string,
    @PathValue('version', Ordinal) version: number,
    @PathValue('simulationId', Uuid) simulationId: string,
  ): Promise<SimulationView> {
    return this.simulations.find({ id, version, simulationId });
  }
}
