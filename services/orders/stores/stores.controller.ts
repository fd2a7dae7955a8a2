import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By } from '#libs/access';
import { ChannelId, Ordinal } from '#libs/contracts';
import { Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
import { PathValue } from '#libs/http';
import { Allow } from '../policy.ts';
import { StoreSetDto, StoreSetSummaryView, StoreSetView } from './store.dto.ts';
import { StoresService } from './stores.service.ts';

@Decidable<StoreSetSummaryView>((view) => ({ decision: decisionOf(view), facilityId: null }))
@ApiTags('channels')
@Controller('v1/channels/:channel/stores')
export class StoresController {
  constructor(private readonly stores: StoresService) {}

  /** Every set, in their order. */
  @Allow('store.list')
  @Get()
  @ApiOkResponse({ type: [StoreSetSummaryView] })
  @ApiNotFoundResponse()
  sets(@PathValue('channel', ChannelId) channel: string): Promise<StoreSetSummaryView[]> {
    return this.stores.sets(channel);
  }

  @Allow('store.list')
  @Get(':version')
  @ApiOkResponse({ type: StoreSetView })
  @ApiNotFoundResponse()
  find(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
  ): Promise<StoreSetView> {
    return this.stores.find(channel, version);
  }

  /** Drafts a set: all stores of the channel. Sending it again is harmless: channel and version say that it is the same. */
  @Allow('channel.draft')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: StoreSetView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'the version exists with other content' })
  @ApiUnprocessableEntityResponse({ description: 'a facility is unknown' })
  draft(
    @PathValue('channel', ChannelId) channel: string,
    @By() by: string,
    @Body() draft: StoreSetDto,
  ): Promise<StoreSetView> {
    return this.stores.draft(channel, { ...draft, by });
  }

  /** Approved by another person than its creator, a set counts for all that follows, and for what nobody bears yet. */
  @Allow('store.approve')
  @Decides('approval', ':version', StoreSetView, { conflict: 'a later set is in force' })
  approve(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<StoreSetView> {
    return this.stores.approve(channel, version, by);
  }

  @Allow('store.reject')
  @Decides('rejection', ':version', StoreSetView)
  reject(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<StoreSetView> {
    return this.stores.refuse(channel, version, { step: 'rejection', by, reason });
  }

  @Allow('channel.draft')
  @Decides('withdrawal', ':version', StoreSetView)
  withdraw(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<StoreSetView> {
    return this.stores.refuse(channel, version, { step: 'withdrawal', by });
  }
}
