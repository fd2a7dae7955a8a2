import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FacilityRegions, list } from '#libs/access';
import { type JournalTotals, StoredText, saleIdOf } from '#libs/contracts';
import { Database, facilitiesInScope } from '#libs/database';
import { decodeCursor, type PageQuery, pageOf } from '#libs/http';
import { ChannelRepository } from '../channels/channel.repository.ts';
import { OrderRepository } from '../orders/order.repository.ts';
import { Allow } from '../policy.ts';
import { type Posting, PostingRepository } from '../postings/posting.repository.ts';
import { SALE_STATUSES, type Sale, type SaleFilter, SaleRepository } from '../sales/sale.repository.ts';
import { type ListedSaleView, SalePage, SaleQuery } from './sale.dto.ts';

/** Nobody reads further than this, and counting on would be slow. */
const COUNTED_MAX = 5_000;

@ApiTags('sales')
@Controller('v1/sales')
export class SalesController {
  constructor(
    private readonly database: Database,
    private readonly sales: SaleRepository,
    private readonly orders: OrderRepository,
    private readonly postings: PostingRepository,
    private readonly channels: ChannelRepository,
    private readonly regions: FacilityRegions,
  ) {}

  @Allow('sale.list', list)
  @Get()
  @ApiOperation({ summary: 'What facilities sold and what became of it, newest first' })
  @ApiOkResponse({ type: SalePage })
  async list(@Query() { cursor, limit, ...query }: SaleQuery): Promise<SalePage> {
    const filter = await this.#filterOf(query);
    const [rows, { count, ...sums }] = await Promise.all([
      this.sales.list(this.database, filter, keyOf(decodeCursor(cursor, StoredText)), limit + 1),
      this.sales.sums(this.database, filter, COUNTED_MAX + 1),
    ]);
    const { items, ...next } = pageOf(rows, limit, ({ orderId, facilityId }) => saleIdOf(orderId, facilityId));
    return { items: await this.#viewsOf(items), count, ...(count <= COUNTED_MAX && { sums }), ...next };
  }

  async #filterOf(query: Omit<SaleQuery, keyof PageQuery>): Promise<SaleFilter> {
    const { facilityId, region, channel, status, sku, q, from, to } = query;
    const inScope = facilitiesInScope();
    const ofRegion = region === undefined ? null : await this.regions.facilitiesOf([region]);
    const wanted = facilityId === undefined ? ofRegion : [facilityId].filter((id) => ofRegion?.includes(id) ?? true);
    const channels = channel === undefined ? await this.channels.all(this.database) : [{ channelId: channel }];
    return {
      channels: channels.map(({ channelId }) => channelId),
      statuses: status === undefined ? SALE_STATUSES : [status],
      facilities: wanted === null ? inScope : wanted.filter((id) => inScope?.includes(id) ?? true),
      from: from ?? null,
      to: to ?? null,
      sku: sku ?? null,
      q: q ?? null,
    };
  }

  async #viewsOf(sales: readonly Sale[]): Promise<ListedSaleView[]> {
    const ids = [...new Set(sales.map(({ orderId }) => orderId))];
    const [orders, reservations, postings] = await Promise.all([
      this.orders.find(this.database, ids),
      this.orders.findReservations(this.database, ids),
      this.postings.ofOrders(this.database, ids),
    ]);
    const postingsOf = Map.groupBy(postings, ({ orderId, facilityId }) => saleIdOf(orderId, facilityId));
    return sales.map(({ orderId, facilityId, placedAt, ...sale }) => {
      const saleId = saleIdOf(orderId, facilityId);
      const reserved = reservations.get(orderId) ?? [];
      const made = new Set(reserved.flatMap((line) => (line.facilityId === facilityId ? [line.lineRef] : [])));
      const lines = orders.get(orderId)?.lines.filter(({ lineRef }) => made.has(lineRef)) ?? [];
      return {
        ...{ saleId, orderId, placedAt: placedAt.toISOString(), facilityId, ...sale },
        lines: lines.map((line) => ({ ...line, facilityId })),
        ...booked(postingsOf.get(saleId) ?? []),
      };
    });
  }
}

/** What the books say of one sale and its refunds. */
function booked(postings: readonly Posting[]): Pick<ListedSaleView, 'totals' | 'journalId'> {
  const sale = postings.find(({ refundId }) => refundId === null);
  if (!sale) return {};
  const sum = (kind: keyof JournalTotals) => postings.reduce((all, posting) => all + posting[kind], 0);
  return {
    journalId: sale.journalId,
    totals: {
      ...{ costRecovery: sum('costRecovery'), facility: sum('facility'), makers: sum('makers'), state: sum('state') },
      ...{ beneficiaries: sum('beneficiaries'), fees: sum('fees'), shipping: sum('shipping'), tax: sum('tax') },
      suspense: sum('suspense'),
    },
  };
}

/** A sale id ends with the facility, whose id has no `@`. */
function keyOf(saleId: string | undefined): Pick<Sale, 'orderId' | 'facilityId'> | undefined {
  if (saleId === undefined) return undefined;
  const at = saleId.lastIndexOf('@');
  return { orderId: saleId.slice(0, at), facilityId: saleId.slice(at + 1) };
}
