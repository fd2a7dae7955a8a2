import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChannelId, Ordinal } from '#libs/contracts';
import { decodeCursor, PageQuery, PathValue, pageOf, TakesUpTo } from '#libs/http';
import { Allow } from '../policy.ts';
import { ComparisonView, ListingFileDto, ListingPage } from './comparison.dto.ts';
import { ComparisonService } from './comparison.service.ts';

@ApiTags('channels')
@Controller('v1/channels/:channel/listings')
export class ComparisonController {
  constructor(private readonly comparison: ComparisonService) {}

  /** What a file would change of the set in force, and what is wrong with it. Nothing is kept. */
  @Allow('channel.draft')
  @TakesUpTo(8_388_608)
  @Post('comparison')
  @HttpCode(200)
  @ApiOkResponse({ type: ComparisonView })
  @ApiNotFoundResponse()
  ofFile(@PathValue('channel', ChannelId) channel: string, @Body() { csv }: ListingFileDto): Promise<ComparisonView> {
    return this.comparison.ofFile(channel, csv);
  }

  /** What a set changes of the one that is approved before it. */
  @Allow('listing.list')
  @Get(':version/comparison')
  @ApiOkResponse({ type: ComparisonView })
  @ApiNotFoundResponse()
  ofSet(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
  ): Promise<ComparisonView> {
    return this.comparison.ofSet(channel, version);
  }

  /** The listings of a set, page by page; of one that there is not, none. */
  @Allow('listing.list')
  @Get(':version/rows')
  @ApiOkResponse({ type: ListingPage })
  async rows(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<ListingPage> {
    const after = decodeCursor(cursor, Ordinal) ?? 0;
    const rows = await this.comparison.rows(channel, version, after, limit + 1);
    const page = pageOf(rows, limit, ({ place }) => String(place));
    return { ...page, items: page.items.map(({ listing }) => listing) };
  }
}
