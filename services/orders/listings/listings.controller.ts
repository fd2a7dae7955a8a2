import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { By } from '#libs/access';
import { ChannelId, Ordinal } from '#libs/contracts';
import { Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
import { PathValue, TakesUpTo } from '#libs/http';
import { safeCell } from '#libs/tables';
import type { Listing } from '../channels/listing.ts';
import { Allow } from '../policy.ts';
import { ListingSetDto, ListingSetQuery, ListingSetSummaryView, ListingSetView } from './listing.dto.ts';
import { listingColumns } from './listing-file.ts';
import { ListingsService } from './listings.service.ts';

@Decidable<ListingSetSummaryView>((view) => ({ decision: decisionOf(view), facilityId: null }))
@ApiTags('channels')
@Controller('v1/channels/:channel/listings')
export class ListingsController {
  constructor(private readonly listings: ListingsService) {}

  /** Every set, in their order. */
  @Allow('listing.list')
  @Get()
  @ApiOkResponse({ type: [ListingSetSummaryView] })
  @ApiNotFoundResponse()
  sets(@PathValue('channel', ChannelId) channel: string): Promise<ListingSetSummaryView[]> {
    return this.listings.sets(channel);
  }

  /** As CSV it can be corrected, and drafted as the next set. */
  @Allow('listing.list')
  @Get(':version')
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: ListingSetView })
  @ApiNotFoundResponse()
  async find(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @Query() { format }: ListingSetQuery,
    @Res() response: Response,
  ): Promise<void> {
    const set = await this.listings.find(channel, version);
    response.type(format).send(format === 'csv' ? asCsv(set.listings) : JSON.stringify(set));
  }

  /** Drafts a set: all that the channel sells. Sending it again is harmless: channel and version say that it is the same. */
  @Allow('channel.draft')
  @TakesUpTo(8_388_608)
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: ListingSetView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'the version exists with other content' })
  draft(
    @PathValue('channel', ChannelId) channel: string,
    @By() by: string,
    @Body() draft: ListingSetDto,
  ): Promise<ListingSetView> {
    return this.listings.draft(channel, { ...draft, by });
  }

  /** Approved by another person than its creator, a set counts for all goods that are not reserved yet. */
  @Allow('listing.approve')
  @Decides('approval', ':version', ListingSetView, { conflict: 'a later set is in force' })
  approve(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<ListingSetView> {
    return this.listings.approve(channel, version, by);
  }

  @Allow('listing.reject')
  @Decides('rejection', ':version', ListingSetView)
  reject(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<ListingSetView> {
    return this.listings.refuse(channel, version, { step: 'rejection', by, reason });
  }

  @Allow('channel.draft')
  @Decides('withdrawal', ':version', ListingSetView)
  withdraw(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<ListingSetView> {
    return this.listings.refuse(channel, version, { step: 'withdrawal', by });
  }
}

function asCsv(listings: readonly Listing[]): string {
  return stringify([
    Object.keys(listingColumns),
    ...listings.map(({ store, channelSku, sku, feeClass = '' }) => [store, channelSku, sku, feeClass].map(safeCell)),
  ]);
}
