import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { PersonalReadRepository, param, ReadBy, type Reader, row, TellsOfMakers } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { notFound, PathValue } from '#libs/http';
import { Allow } from '../../policy.ts';
import { OnePaperAtATime } from '../documents/one-paper.decorator.ts';
import { statementPdf } from '../documents/statement-pdf.ts';
import { MakerStatementQuery } from './maker-statement.dto.ts';
import { MakerStatementService } from './maker-statement.service.ts';

@ApiTags('makers')
@Controller('v1/makers')
export class MakerStatementController {
  constructor(
    private readonly statements: MakerStatementService,
    private readonly reads: PersonalReadRepository,
  ) {}

  /**
   * What a maker was owed before, what moved it and why, and what is owed after, each line with its proof. As PDF for
   * people, with the same JSON attached: `npm run statement:verify` checks either.
   */
  @Allow('maker.read', row, param('makerId'))
  @OnePaperAtATime
  @Get(':makerId/statement')
  @TellsOfMakers({ own: true })
  @ApiProduces('application/json', 'application/pdf')
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  @ApiNotFoundResponse({ description: 'no journal has moved an account of this maker' })
  async statement(
    @PathValue('makerId', StoredText) makerId: string,
    @Query() { from, to, format }: MakerStatementQuery,
    @ReadBy() reader: Reader | undefined,
  ): Promise<StreamableFile> {
    const issued = await this.statements.issue(makerId, { from, to });
    if (!issued) throw notFound('Maker', makerId);
    if (reader) await this.reads.append({ ...reader, makerIds: [makerId] });
    const name = `statement-${encodeURIComponent(makerId)}-${issued.statement.to}.${format}`;
    const disposition = `attachment; filename*=UTF-8''${name}`;
    return format === 'pdf'
      ? new StreamableFile(await statementPdf(issued), { type: 'application/pdf', disposition })
      : new StreamableFile(Buffer.from(JSON.stringify(issued)), { type: 'application/json', disposition });
  }
}
