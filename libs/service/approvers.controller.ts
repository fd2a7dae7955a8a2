import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Approvers } from '#libs/access';
import { PersonId } from '#libs/contracts';
import { decodeCursor, PageQuery, pageOf } from '#libs/http';
import { Allow } from './policy.ts';

/** Who has ever come as an approver, and since when each may approve: a new one rests, so that all can see him first. */
@ApiTags('operations')
@Controller('v1/approvers')
export class ApproversController {
  constructor(private readonly approvers: Approvers) {}

  @Allow('approver.list')
  @Get()
  async list(@Query() { cursor, limit }: PageQuery) {
    const known = await this.approvers.list(decodeCursor(cursor, PersonId) ?? '', limit + 1);
    return pageOf(known, limit, ({ person }) => person);
  }
}
