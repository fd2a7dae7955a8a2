import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list, row } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { Allow } from '../../policy.ts';
import { JournalPage, JournalQuery, JournalView } from './journal.dto.ts';
import { JournalRepository, type PostedJournal } from './journal.repository.ts';
import { PlaceText, placeAt, placeOf } from './place.ts';

@ApiTags('journals')
@Controller('v1/journals')
export class JournalsController {
  constructor(private readonly journals: JournalRepository) {}

  /**
   * By facility, and by number in its chain. Pages of a facility lose nothing however much is posted meanwhile; what is
   * posted at a facility that has been passed is found by `facilityId` and `after`.
   */
  @Allow('journal.read', list)
  @Get()
  @ApiOkResponse({ type: JournalPage })
  async list(@Query() { cursor, limit, ...filter }: JournalQuery): Promise<JournalPage> {
    const rows = await this.journals.list({
      ...filter,
      position: placeAt(decodeCursor(cursor, PlaceText)),
      limit: limit + 1,
    });
    const { items, ...page } = pageOf(rows, limit, placeOf);
    return { items: await this.#withEntries(items), ...page };
  }

  @Allow('journal.read', row)
  @Get(':id')
  @ApiOkResponse({ type: JournalView })
  @ApiNotFoundResponse()
  async get(@PathValue('id', Uuid) id: string): Promise<JournalView> {
    const journal = await this.journals.find(id);
    if (!journal) throw notFound('Journal', id);
    const [view] = await this.#withEntries([journal]);
    return view as JournalView;
  }

  async #withEntries(journals: PostedJournal[]): Promise<JournalView[]> {
    const entries = await this.journals.entriesOf(journals.map(({ journalId }) => journalId));
    return journals.map((journal) => ({ ...journal, entries: entries.get(journal.journalId) ?? [] }));
  }
}
