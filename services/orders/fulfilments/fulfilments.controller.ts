import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Asking, type Principal, param } from '#libs/access';
import { type DeliveredUnits, orderIdOf, type ShippedUnits, StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { Correlation, notFound, PathValue, Problem } from '#libs/http';
import type { Cause } from '#libs/messaging';
import { OrderRepository } from '../orders/order.repository.ts';
import { Allow } from '../policy.ts';
import { askedBy } from '../process/asked-by.ts';
import { fulfilmentOf, type OrderState } from '../process/order-process.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { ProcessService } from '../process/process.service.ts';
import type { Origin } from '../process/step.ts';
import { DeliveryDto, FulfilmentView, ShipmentDto } from './fulfilment.dto.ts';
import { FulfilmentsService, faultsOf } from './fulfilments.service.ts';

/** They say how many so far: said again, or late, nothing changes, so they need no key. */
@ApiTags('fulfilments')
@Controller('v1/orders/:channel/:orderRef')
export class FulfilmentsController {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
    private readonly process: ProcessService,
    private readonly fulfilments: FulfilmentsService,
  ) {}

  @Allow('fulfilment.tell', param('channel'))
  @Post('shipments')
  @HttpCode(202)
  @ApiOperation({
    summary: 'How many units of a line have left so far',
    description: 'They are not cancelled any more.',
  })
  @ApiAcceptedResponse({ type: FulfilmentView })
  @ApiNotFoundResponse({ description: 'there is no such order' })
  ship(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Body() body: ShipmentDto,
    @Asking() principal: Principal,
    @Correlation() correlation: Cause,
  ): Promise<FulfilmentView> {
    return this.#tell({ channel, orderRef, ...body }, askedBy(principal, channel, correlation));
  }

  @Allow('fulfilment.tell', param('channel'))
  @Post('deliveries')
  @HttpCode(202)
  @ApiOperation({ summary: 'How many units of a line the buyer has received so far' })
  @ApiAcceptedResponse({ type: FulfilmentView })
  @ApiNotFoundResponse({ description: 'there is no such order' })
  deliver(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Body() body: DeliveryDto,
    @Asking() principal: Principal,
    @Correlation() correlation: Cause,
  ): Promise<FulfilmentView> {
    return this.#tell({ channel, orderRef, ...body }, askedBy(principal, channel, correlation));
  }

  #tell(units: ShippedUnits | DeliveredUnits, cause: Origin): Promise<FulfilmentView> {
    const orderId = orderIdOf(units);
    return this.database.transaction(async (transaction) => {
      if ((await this.orders.find(transaction, [orderId])).size === 0) throw notFound('Order', orderId);
      const claimed = await this.processes.claim(transaction, { known: [orderId] });
      const told = await this.fulfilments.prepare(transaction, [{ units, cause }]);
      await this.process.deliver(transaction, claimed, told);
      const errors = faultsOf(units, claimed);
      if (errors.length > 0) throw new Problem({ status: 422, title: 'More than was sold', errors });
      return { outcome: 'taken', ...fulfilmentOf(claimed.get(orderId) as OrderState, units.lineRef) };
    });
  }
}
