import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { By } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { decodeCursor, PageQuery, PathValue, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { VerificationDto, VerificationPage, VerificationView } from './verification.dto.ts';
import { VerificationsService } from './verifications.service.ts';

@ApiTags('verifications')
@Controller('v1/verifications')
export class VerificationsController {
  constructor(private readonly verifications: VerificationsService) {}

  /** Starts to check all books as they are now, one verification at a time. `GET` tells how far it is, and what is wrong. */
  @Allow('verification.run')
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: VerificationView })
  @ApiConflictResponse({ description: 'another one runs' })
  start(@By() by: string, @Body() { key }: VerificationDto): Promise<VerificationView> {
    return this.verifications.start(by, key);
  }

  /** The newest first. */
  @Allow('verification.run')
  @Get()
  @ApiOkResponse({ type: VerificationPage })
  async list(@Query() { cursor, limit }: PageQuery): Promise<VerificationPage> {
    const runs = await this.verifications.list(decodeCursor(cursor, Uuid), limit + 1);
    return pageOf(runs, limit, ({ verificationId }) => verificationId);
  }

  @Allow('verification.run')
  @Get(':id')
  @ApiOkResponse({ type: VerificationView })
  @ApiNotFoundResponse()
  get(@PathValue('id', Uuid) id: string): Promise<VerificationView> {
    return this.verifications.find(id);
  }

  /** Ends it before it has checked everything, wherever it runs. */
  @Allow('verification.run')
  @Post(':id/cancellation')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: VerificationView })
  @ApiConflictResponse({ description: 'it has ended' })
  @ApiNotFoundResponse()
  cancel(@PathValue('id', Uuid) id: string): Promise<VerificationView> {
    return this.verifications.cancel(id);
  }
}
