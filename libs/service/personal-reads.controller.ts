import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PersonalReadRepository } from '#libs/access';
import { Ordinal } from '#libs/contracts';
import { decodeCursor, pageOf } from '#libs/http';
import { PersonalReadPage, PersonalReadsQuery } from './personal-read.dto.ts';
import { Allow } from './policy.ts';

@ApiTags('personal reads')
@Controller('v1/personal-reads')
export class PersonalReadsController {
  constructor(private readonly reads: PersonalReadRepository) {}

  /** Who was shown whose name, and what for; newest first. */
  @Allow('personal-read.list')
  @Get()
  @ApiOkResponse({ type: PersonalReadPage })
  async list(@Query() { makerId, cursor, limit }: PersonalReadsQuery): Promise<PersonalReadPage> {
    const links = await this.reads.list(decodeCursor(cursor, Ordinal), limit + 1, makerId);
    const nobody = { person: null, client: null, route: null, purpose: null, makerIds: null };
    const rows = links.map(({ number, at, read, hash }) => ({
      number,
      at,
      ...(read ?? nobody),
      hash: hash.toString('hex'),
    }));
    return pageOf(rows, limit, ({ number }) => `${number}`);
  }
}
