import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { channelList, channelsOf, InScope, param, row, type Scope } from '#libs/access';
import { orderIdOf, StoredText } from '#libs/contracts';
import { Database } from '#libs/database';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { OrderRepository } from '../orders/order.repository.ts';
import { Allow } from '../policy.ts';
import { PostingRepository } from '../postings/posting.repository.ts';
import { ProcessRepository } from '../process/process.repository.ts';
import { SettlementRepository } from '../settlements/settlement.repository.ts';
import { OrderPage, OrderQuery, OrderView } from './order.dto.ts';
import { OrderSummaryRepository } from './order-summary.repository.ts';
import { viewForChannel, viewOf } from './order-view.ts';

@ApiTags('orders')
@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly database: Database,
    private readonly summaries: OrderSummaryRepository,
    private readonly orders: OrderRepository,
    private readonly processes: ProcessRepository,
    private readonly postings: PostingRepository,
    private readonly settlements: SettlementRepository,
  ) {}

  @Allow('order.list', channelList)
  @Get()
  @ApiOperation({ summary: 'Orders by status or reason, in the order of their ids' })
  @ApiOkResponse({ type: OrderPage })
  async list(
    @Query() { status, reason, channel, cursor, limit }: OrderQuery,
    @InScope() scope: Scope,
  ): Promise<OrderPage> {
    const rows = await this.summaries.list(
      this.database,
      { status, reason, after: decodeCursor(cursor, StoredText) ?? '', channels: channelsOf(scope, channel) },
      limit + 1,
    );
    return pageOf(rows, limit, ({ orderId }) => orderId);
  }

  @Allow('order.read', row, param('channel'))
  @Get(':channel/:orderRef')
  @ApiOperation({
    summary: 'An order with its sales and refunds',
    description:
      'Who sees some facilities is shown what these made of it. A marketplace is shown neither facilities, nor sales, nor journals.',
  })
  @ApiOkResponse({ type: OrderView })
  @ApiNotFoundResponse({
    description: 'no checkout of this reference has come, or nobody in scope made anything of it',
  })
  async get(
    @PathValue('channel', StoredText) channel: string,
    @PathValue('orderRef', StoredText) orderRef: string,
    @InScope() scope: Scope,
  ): Promise<OrderView> {
    const orderId = orderIdOf({ channel, orderRef });
    const state = await this.processes.find(this.database, orderId);
    if (!state || state.status === 'awaited') throw notFound('Order', orderId);
    const order = (await this.orders.find(this.database, [orderId])).get(orderId);
    const reserved = (await this.orders.findReservations(this.database, [orderId])).get(orderId) ?? [];
    const postings = await this.postings.ofOrders(this.database, [orderId]);
    const settlements = await this.settlements.ofOrder(this.database, orderId);
    const facts = { orderId, state, order, reserved, postings, settlements };
    if (scope.national) return viewOf(facts);
    if (scope.channels.length > 0) return viewForChannel(facts);
    const view = viewOf(facts, scope.facilities);
    if (view.sales.length === 0) throw notFound('Order', orderId);
    return view;
  }
}
