import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { By, InScope, param, row, type Scope } from '#libs/access';
import { MakerId } from '#libs/contracts';
import { elevated } from '#libs/database';
import { notFound, PathValue } from '#libs/http';
import { MakerRepository } from '../makers/maker.repository.ts';
import { PersonKeyRepository } from '../person-keys/person-key.repository.ts';
import { Allow } from '../policy.ts';
import { ConsentDto, ConsentView } from './consent.dto.ts';
import { ConsentRepository } from './consent.repository.ts';

@ApiTags('makers')
@Controller('v1/makers')
export class ConsentsController {
  constructor(
    private readonly makers: MakerRepository,
    private readonly keys: PersonKeyRepository,
    private readonly consents: ConsentRepository,
  ) {}

  /** A maker may be named in public, or no longer: what was said last counts, at once. Of a child it counts for nothing. */
  @Allow('consent.give', row, param('makerId'))
  @Post(':makerId/consent')
  @HttpCode(200)
  @ApiOkResponse({ type: ConsentView })
  @ApiNotFoundResponse({ description: 'no such maker, or nothing is kept of who it is' })
  async give(
    @PathValue('makerId', MakerId) makerId: string,
    @By() by: string,
    @InScope() scope: Scope,
    @Body() { given, evidence }: ConsentDto,
  ): Promise<ConsentView> {
    const isKnown = () => this.makers.isKnown(makerId);
    const isTheirs = await (scope.makers.includes(makerId) ? elevated(isKnown) : isKnown());
    if (!isTheirs) throw notFound('Maker', makerId);
    const { keys } = await this.keys.made([makerId]);
    const key = keys.get(makerId);
    if (!key) throw notFound('Maker', makerId);
    const sealed = key.seal(Buffer.from(evidence));
    return elevated(() => this.consents.append(makerId, given, by, sealed));
  }
}
