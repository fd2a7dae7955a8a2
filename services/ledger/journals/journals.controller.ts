import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '#libs/contracts';
import { decodeCursor, notFound, PathValue, pageOf } from '#libs/http';
import { ExplanationService } from './explanation.service.ts';
import { ExplanationView, JournalPage, JournalQuery, JournalView } from './journal.dto.ts';
import { JournalRepository, type PostedJournal } from './journal.repository.ts';

@ApiTags('journals')
@Controller('v1/journals')
export class JournalsController {
  constructor(
    private readonly journals: JournalRepository,
    private readonly explanations: ExplanationService,
  ) {}

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
    const [journal] = await this.#withEntries([await this.#find(id)]);
    return journal as JournalView;
  }

  /** Why every rupiah went where it went, computed again and compared with what is posted. */
  @Get(':id/explain')
  @ApiOkResponse({ type: ExplanationView })
  @ApiNotFoundResponse({ description: 'no such journal, or none that shares a sale' })
  async explain(@PathValue('id', Uuid) id: string): Promise<ExplanationView> {
    const explanation = await this.explanations.explain(await this.#find(id));
    if (!explanation) throw notFound('Explanation', id);
    return explanation;
  }

  async #withEntries(journals: PostedJournal[]): Promise<JournalView[]> {
    const entries = await this.journals.entriesOf(journals.map(({ journalId }) => journalId));
    return journals.map((journal) => ({ ...journal, entries: entries.get(journal.journalId) ?? [] }));
  }

  async #find(id: string): Promise<PostedJournal> {
    const journal = await this.journals.find(id);
    if (!journal) throw notFound('Journal', id);
    return journal;
  }
}
