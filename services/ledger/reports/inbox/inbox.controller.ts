import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Asking, list, type Principal } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { decodeCursor, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { InboxPage, InboxQuery } from './inbox.dto.ts';
import { InboxService } from './inbox.service.ts';

@ApiTags('decisions')
@Controller('v1/decisions')
export class InboxController {
  constructor(private readonly inbox: InboxService) {}

  /** Whatever more than one person decides, in the order of drafting. Who sees some facilities is shown what is theirs. */
  @Allow('decision.list', list)
  @Get()
  @ApiOkResponse({ type: InboxPage })
  async list(@Query() query: InboxQuery, @Asking() principal: Principal): Promise<InboxPage> {
    const { items, open, mine } = await this.inbox.page(query, decodeCursor(query.cursor, Uuid), principal);
    const page = pageOf(items, query.limit, ({ position }) => position);
    return { ...page, items: page.items.map(({ position: _, ...item }) => item), open, mine };
  }
}
