import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { By, Open } from '#libs/access';
import { ChannelId, Ordinal } from '#libs/contracts';
import { Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
import { PathValue } from '#libs/http';
import { Allow } from '../policy.ts';
import { ChannelDto, ChannelView, TermsDraftDto, TermsView } from './channel.dto.ts';
import { ChannelsService } from './channels.service.ts';

@Decidable<TermsView>((view) => ({ decision: decisionOf(view), facilityId: null }))
@ApiTags('channels')
@Controller('v1/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Open()
  @Get()
  @ApiOperation({ summary: 'Marketplaces and shops that orders come from' })
  @ApiOkResponse({ type: [ChannelView] })
  all(): Promise<ChannelView[]> {
    return this.channels.list();
  }

  /** Nothing is taken from it until terms are approved; its topic is made by `npm run kafka:access -- CHANNEL`. */
  @Allow('channel.draft')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: ChannelView })
  @ApiConflictResponse({ description: 'the channel exists with another name or kind' })
  create(@By() by: string, @Body() channel: ChannelDto): Promise<ChannelView> {
    return this.channels.create({ ...channel, by });
  }

  /** Every version, in their order. */
  @Allow('channel-terms.list')
  @Get(':channel/terms')
  @ApiOkResponse({ type: [TermsView] })
  @ApiNotFoundResponse()
  terms(@PathValue('channel', ChannelId) channel: string): Promise<TermsView[]> {
    return this.channels.versions(channel);
  }

  /** Drafts a version. Sending it again is harmless: channel and version say that it is the same. */
  @Allow('channel.draft')
  @Post(':channel/terms')
  @HttpCode(200)
  @ApiOkResponse({ type: TermsView })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'the version exists with other content' })
  draft(
    @PathValue('channel', ChannelId) channel: string,
    @By() by: string,
    @Body() draft: TermsDraftDto,
  ): Promise<TermsView> {
    return this.channels.draft(channel, { ...draft, by });
  }

  /** Approved by another person than its creator, a version is in force from its beginning on, and never edited. */
  @Allow('channel-terms.approve')
  @Decides('approval', ':channel/terms/:version', TermsView, { unprocessable: 'begins too early' })
  approve(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<TermsView> {
    return this.channels.approve(channel, version, by);
  }

  @Allow('channel-terms.reject')
  @Decides('rejection', ':channel/terms/:version', TermsView)
  reject(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<TermsView> {
    return this.channels.refuse(channel, version, { step: 'rejection', by, reason });
  }

  @Allow('channel.draft')
  @Decides('withdrawal', ':channel/terms/:version', TermsView)
  withdraw(
    @PathValue('channel', ChannelId) channel: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<TermsView> {
    return this.channels.refuse(channel, version, { step: 'withdrawal', by });
  }
}
