import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { list } from '#libs/access';
import { fault } from '#libs/contracts';
import { decodeCursor, Problem, pageOf } from '#libs/http';
import { JournalRepository, type PostedEntry, type PostedJournal } from '../../books/journals/journal.repository.ts';
import { PlaceText, placeAt, placeOf } from '../../books/journals/place.ts';
import { Allow } from '../../policy.ts';
import { ExplanationService } from '../recompute/explanation.service.ts';
import { sameEntries } from '../recompute/explanation.ts';
import { FlowPage, FlowQuery } from './flow.dto.ts';
import { flowsOf } from './flow-view.ts';

const ONE_OF_THEM = fault(
  'one-of-several',
  'is asked for alone: orderId, saleId or journalId',
  'diminta sendiri: orderId, saleId atau journalId',
);

@ApiTags('flows')
@Controller('v1/flows')
export class FlowsController {
  constructor(
    private readonly journals: JournalRepository,
    private readonly explanations: ExplanationService,
  ) {}

  /**
   * Where the money of an order, sale or refund went, as graphs: from the price over costs, amount to share and steps of the
   * agreement to each account. Computed again and compared with what is posted. Journals that neither sell nor refund are
   * told by the explanation of their entries.
   */
  @Allow('journal.read', list)
  @Get()
  @ApiOkResponse({ type: FlowPage })
  async list(@Query() { cursor, limit, ...of }: FlowQuery): Promise<FlowPage> {
    const asked = Object.entries(of).filter(([, value]) => value !== undefined);
    if (asked.length !== 1) {
      const fields = asked.length === 0 ? ['orderId'] : asked.slice(1).map(([field]) => field);
      const errors = fields.map((field) => ({ field, ...ONE_OF_THEM }));
      throw new Problem({ status: 400, title: 'Invalid request', errors });
    }
    const filter = { ...of, kinds: ['sale', 'refund'] as const, position: placeAt(decodeCursor(cursor, PlaceText)) };
    const { items, ...page } = pageOf(await this.journals.list({ ...filter, limit: limit + 1 }), limit, placeOf);
    const entries = await this.journals.entriesOf(items.map(({ journalId }) => journalId));
    const flows: FlowPage['items'] = [];
    for (const journal of items) flows.push(await this.#flowsOf(journal, entries.get(journal.journalId) ?? []));
    return { items: flows, ...page };
  }

  async #flowsOf(journal: PostedJournal, posted: readonly PostedEntry[]): Promise<FlowPage['items'][number]> {
    const { journalId, facilityId, kind, postedOn } = journal;
    const recomputed = await this.explanations.recompute(journal);
    if (!recomputed || 'cause' in recomputed) throw new Error(`journal ${journalId} neither sells nor refunds`);
    const { saleId } = recomputed.sale;
    const matches = sameEntries(recomputed.entries, posted);
    return { journalId, saleId, facilityId, kind, postedOn, matches, lines: flowsOf(recomputed, posted) };
  }
}
