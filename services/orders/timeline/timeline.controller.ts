import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { InScope, param, row, type Scope } from '#libs/access';
import { Ordinal, orderIdOf, StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, notFound, PageQuery, PathValue, pageOf } from '#libs/http';
import { OrderRepository } from '../orders/order.repository.ts';
import { Allow } from '../policy.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { StepRepository } from '../process/step.repository.ts';
import { seenByChannel, seenByFacilities } from './seen.ts';
import { stepView, TimelinePage } from './timeline.dto.ts';

@ApiTags('orders')
@Controller('v1/orders/:channel/:orderRef/timeline')
export class TimelineController {
  constructor(
    private readonly database: Database,
    private readonly processes: ProcessRepository,
    private readonly orders: OrderRepository,
    private readonly steps: StepRepository,
  ) {}

  @Allow('order.read', row, param('channel'))
  @Get()
  @ApiOperation({
    summary: 'What happened to an order, message by message',
    description:
      'Who sees some facilities is shown what concerns their sales. A marketplace is shown neither facilities nor persons.',
  })
  @ApiOkResponse({ type: TimelinePage })
  @ApiNotFoundResponse({
    description: 'no checkout of this reference has come, or nobody in scope made anything of it',
  })
  async of(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @Query() { cursor, limit }: PageQuery,
    @InScope() scope: Scope,
  ): Promise<TimelinePage> {
    const orderId = orderIdOf({ channel, orderRef });
    const after = decodeCursor(cursor, Ordinal) ?? 0;
    const [state, since, rows] = await Promise.all([
      this.processes.find(this.database, orderId),
      this.steps.keptSince(this.database, orderId),
      this.steps.ofOrder(this.database, orderId, after, limit + 1),
    ]);
    if (!state || state.status === 'awaited') throw notFound('Order', orderId);
    const { items, ...next } = pageOf(rows.map(stepView), limit, ({ number }) => String(number));
    const keptSince = since && { keptSince: since.toISOString() };
    if (scope.national) return { items, ...next, ...keptSince };
    if (scope.channels.length > 0) return { items: seenByChannel(items), ...next, ...keptSince };
    const reserved = (await this.orders.findReservations(this.database, [orderId])).get(orderId) ?? [];
    if (!reserved.some(({ facilityId }) => scope.facilities.includes(facilityId))) throw notFound('Order', orderId);
    return { items: seenByFacilities(items, scope.facilities, state, reserved), ...next, ...keptSince };
  }
}
