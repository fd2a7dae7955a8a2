import { hash } from 'node:crypto';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiNotModifiedResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { Request, Response } from 'express';
import { channelList } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { decodeCursor, pageOf } from '#libs/http';
import { safeCell } from '#libs/tables';
import { Allow } from '../policy.ts';
import { FeedQuery, OfferPage, type OfferView } from './feed.dto.ts';
import { FeedRepository } from './feed.repository.ts';

const COLUMNS = [
  'sku',
  'facility_id',
  'facility_name',
  'category',
  'title_id',
  'title_en',
  'price',
  'available',
  'made_by',
];

@ApiTags('feed')
@Controller('v1/feed')
export class FeedController {
  constructor(private readonly feed: FeedRepository) {}

  /**
   * What there is to be sold, so that a marketplace sells no more. As JSON by pages, as CSV all of it. Whoever sends the
   * ETag of what he has is answered 304, and nothing, as long as nothing has changed.
   */
  @Allow('feed.read', channelList)
  @Get()
  @ApiProduces('application/json', 'text/csv')
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiOkResponse({ type: OfferPage, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiNotModifiedResponse({ description: 'as it was' })
  async list(
    @Query() { format, cursor, limit }: FeedQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const content =
      format === 'csv' ? asCsv(await this.feed.list('', null)) : JSON.stringify(await this.#page(cursor, limit));
    const etag = `"${hash('sha256', content, 'base64url')}"`;
    response.set('etag', etag);
    if (request.get('if-none-match')?.includes(etag)) response.status(304).end();
    else response.type(format).send(content);
  }

  async #page(cursor: string | undefined, limit: number): Promise<OfferPage> {
    const offers = await this.feed.list(decodeCursor(cursor, StoredText) ?? '', limit + 1);
    return pageOf(offers, limit, ({ sku }) => sku);
  }
}

function asCsv(offers: readonly OfferView[]): string {
  return stringify([
    COLUMNS,
    ...offers.map(({ sku, facilityId, facilityName, category, titleId, titleEn, price, available, madeBy }) =>
      [sku, facilityId, facilityName, category, titleId, titleEn, price, available, madeBy.join('; ')].map(safeCell),
    ),
  ]);
}
