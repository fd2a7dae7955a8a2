import { Controller, Get } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { param, row } from '#libs/access';
import { Ordinal, StoredText } from '#libs/contracts';
import { isInScope } from '#libs/database';
import { notFound, PathValue } from '#libs/http';
import { Allow } from '../../policy.ts';
import { ExplanationService } from '../recompute/explanation.service.ts';
import { withoutCoMakers } from './co-makers.ts';
import { EntryExplanationView } from './entry.dto.ts';
import { EntryRepository } from './entry.repository.ts';
import { explainCaused, explainEntry } from './entry-explanation.ts';

@ApiTags('entries')
@Controller('v1/entries')
export class EntriesController {
  constructor(
    private readonly entries: EntryRepository,
    private readonly explanations: ExplanationService,
  ) {}

  /**
   * Why one line of an account's statement is there. Of a sale or refund: order, line, lot, contribution, agreement and each
   * step with input, rate, result and rounding. Of any other journal: what it was posted for, who decided it, and the
   * arithmetic. Computed again and compared with what is posted; and as one sentence.
   */
  @Allow('entry.explain', row, param('account'))
  @Get(':account/:version/explanation')
  @ApiOkResponse({ type: EntryExplanationView })
  @ApiNotFoundResponse({ description: 'no such entry, or what it was posted for is not in the books' })
  async explain(
    @PathValue('account', StoredText) account: string,
    @PathValue('version', Ordinal) version: number,
  ): Promise<EntryExplanationView> {
    const entry = await this.entries.find(account, version);
    const journal = entry && (await this.explanations.journalOf(entry));
    if (!journal) throw notFound('Entry', `${account}/${version}`);
    const { kind, postedOn, occurredAt, sourceReference } = journal;
    const explained = { ...entry, kind, postedOn, occurredAt, sourceReference };
    const recomputed = await this.explanations.recompute(journal);
    if (!recomputed) throw notFound('Explanation', `${account}/${version}`);
    const explanation = 'cause' in recomputed ? explainCaused(entry, recomputed) : explainEntry(entry, recomputed);
    const answer = { entry: explained, ...explanation };
    return isInScope(journal.facilityId) ? answer : withoutCoMakers(answer, account);
  }
}
