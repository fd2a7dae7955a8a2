import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By, row } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { Idempotency, Idempotent, type IdempotentRequest, notFound, PathValue } from '#libs/http';
import { Allow } from '../policy.ts';
import { CountDto, MovementList, WriteOffDto } from './movement.dto.ts';
import { MovementRepository } from './movement.repository.ts';
import { MovementsService } from './movements.service.ts';

@ApiTags('lots')
@Controller('v1/lots')
export class MovementsController {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly movements: MovementRepository,
    private readonly moving: MovementsService,
  ) {}

  /** Why there are so many pieces of a lot, line by line. */
  @Allow('lot.list', row)
  @Get(':lotId/movements')
  @ApiOkResponse({ type: MovementList })
  @ApiNotFoundResponse()
  async list(@PathValue('lotId', StoredText) lotId: string): Promise<MovementList> {
    const list = await this.movements.list(this.database, lotId);
    if (!list) throw notFound('Lot', lotId);
    return list;
  }

  /** Pieces were counted: what there are more or fewer is a movement of its own. Who waits for goods is tried again. */
  @Allow('stock.adjust', row)
  @Post(':lotId/counts')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: MovementList })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'orders, goods that came back or another count came between' })
  count(
    @PathValue('lotId', StoredText) lotId: string,
    @Idempotent() request: IdempotentRequest,
    @By() by: string,
    @Body() count: CountDto,
  ): Promise<MovementList> {
    return this.idempotency.once(request, (transaction) => this.moving.count(transaction, lotId, { ...count, by }));
  }

  /** Pieces are broken, lost or used: never those that an order has taken. */
  @Allow('stock.adjust', row)
  @Post(':lotId/write-offs')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiCreatedResponse({ type: MovementList })
  @ApiNotFoundResponse()
  @ApiUnprocessableEntityResponse({ description: 'more than can be sold' })
  writeOff(
    @PathValue('lotId', StoredText) lotId: string,
    @Idempotent() request: IdempotentRequest,
    @By() by: string,
    @Body() writeOff: WriteOffDto,
  ): Promise<MovementList> {
    return this.idempotency.once(request, (transaction) =>
      this.moving.writeOff(transaction, lotId, { ...writeOff, by }),
    );
  }
}
