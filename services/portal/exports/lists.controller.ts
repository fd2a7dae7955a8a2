import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Open } from '#libs/access';
import { notFound, sendStream } from '#libs/http';
import type { Parameters } from '../screens/request.ts';
import { requireTaken } from '../screens/screens.service.ts';
import type { Session } from '../session/session.ts';
import { SignedIn } from '../session/signed-in.decorator.ts';
import { ListsService } from './lists.service.ts';
import { LISTS } from './lists.ts';

/** Lists as CSV: all that a filter finds, of which a page shows some rows. */
@Controller('api/lists')
export class ListsController {
  constructor(private readonly lists: ListsService) {}

  /** @param parameters as those of the screen that shows it */
  @Open()
  @Get(':name')
  async read(
    @SignedIn() session: Session,
    @Param('name') name: string,
    @Query() parameters: Parameters,
    @Res() response: Response,
  ): Promise<void> {
    const list = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
    if (!list) throw notFound('List', name);
    requireTaken({ sections: { [name]: list.section } }, parameters);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const file = this.lists.csv(session, list, parameters, gone.signal);
    await sendStream(response, { name: `${name}.csv`, type: 'csv' }, file);
  }
}
