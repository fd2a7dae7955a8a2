import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By, Open } from '#libs/access';
import { fault, Ordinal, patterned, StoredText } from '#libs/contracts';
import { Decidable, Decides, decisionOf, RejectionDto } from '#libs/decisions';
import { decodeCursor, PathValue, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { AgreementDraftDto, AgreementPage, AgreementQuery, AgreementView } from './agreement.dto.ts';
import { Agreement } from './agreement.ts';
import { AgreementsService } from './agreements.service.ts';
import { obstacleOf } from './version-lint.ts';

const VersionText = patterned(
  { pattern: '^\\S+ [1-9]\\d{0,8}$', lengthMax: 50, description: 'id and version' },
  fault('not-a-position', 'is no position', 'bukan posisi'),
);

@Decidable<AgreementView>((view) => ({
  decision: decisionOf(view),
  facilityId: null,
  obstacle: obstacleOf(view),
}))
@ApiTags('agreements')
@Controller('v1/agreements')
export class AgreementsController {
  constructor(private readonly agreements: AgreementsService) {}

  /** Drafts a version. Sending it again is harmless: id and version say that it is the same. */
  @Allow('agreement.draft')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: AgreementView })
  @ApiConflictResponse({ description: 'the version exists with other content' })
  @ApiUnprocessableEntityResponse({ description: 'not sound: each problem, by step' })
  draft(@By() by: string, @Body() draft: AgreementDraftDto): Promise<AgreementView> {
    return this.agreements.draft({ ...draft, by });
  }

  /** By id and version. */
  @Open()
  @Get()
  @ApiOkResponse({ type: AgreementPage })
  async list(@Query() { id, status, cursor, limit }: AgreementQuery): Promise<AgreementPage> {
    const position = decodeCursor(cursor, VersionText)?.split(' ');
    const after = position && { id: position[0] ?? '', version: Number(position[1]) };
    const versions = await this.agreements.list({ id, status, after, limit: limit + 1 });
    return pageOf(versions, limit, (last) => `${last.id} ${last.version}`);
  }

  /** The JSON Schema of a definition. */
  @Open()
  @Get('schema')
  @ApiOkResponse({ schema: { type: 'object' } })
  schema(): object {
    return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...Agreement };
  }

  @Open()
  @Get(':id/:version')
  @ApiOkResponse({ type: AgreementView })
  @ApiNotFoundResponse()
  find(
    @PathValue('id', StoredText) id: string,
    @PathValue('version', Ordinal) version: number,
  ): Promise<AgreementView> {
    return this.agreements.find(id, version);
  }

  /** Approved by another person than its creator, a draft is in force from its beginning on, and never edited. */
  @Allow('agreement.approve')
  @Decides('approval', ':id/:version', AgreementView, {
    unprocessable: 'overlaps another, begins before sales that are in the books, ...',
  })
  approve(
    @PathValue('id', StoredText) id: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<AgreementView> {
    return this.agreements.approve(id, version, by);
  }

  @Allow('agreement.reject')
  @Decides('rejection', ':id/:version', AgreementView)
  reject(
    @PathValue('id', StoredText) id: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
    @Body() { reason }: RejectionDto,
  ): Promise<AgreementView> {
    return this.agreements.refuse(id, version, { step: 'rejection', by, reason });
  }

  @Allow('agreement.draft')
  @Decides('withdrawal', ':id/:version', AgreementView)
  withdraw(
    @PathValue('id', StoredText) id: string,
    @PathValue('version', Ordinal) version: number,
    @By() by: string,
  ): Promise<AgreementView> {
    return this.agreements.refuse(id, version, { step: 'withdrawal', by });
  }
}
