import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '#libs/contracts';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { JournalPage, JournalQuery, JournalView } from './journal.dto.ts';
import { JournalRepository, type PostedJournal } from './journal.repository.ts';

@ApiTags('journals')
@Controller('v1/journals')
export class JournalsController {
  constructor(private readonly journals: JournalRepository) {}

  /** In the order of recording. */
  @Get()
  @ApiOkResponse({ type: JournalPage })
  async list(@Query() { saleId, source, cursor, limit }: JournalQuery): Promise<JournalPage> {
    const rows = await this.journals.list({ saleId, source, after: decodeCursor(cursor, Uuid), limit: limit + 1 });
    const { items, ...page } = pageOf(rows, limit, ({ journalId }) => journalId);
    return { items: await this.#withEntries(items), ...page };
  }

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
