import { Controller, Get, Param, ParseIntPipe } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { notFound } from '#libs/http';
import { ExplanationService } from '../journals/explanation.service.ts';
import { JournalRepository } from '../journals/journal.repository.ts';
import { EntryExplanationView } from './entry.dto.ts';
import { EntryRepository } from './entry.repository.ts';
import { explainEntry } from './entry-explanation.ts';

@ApiTags('entries')
@Controller('v1/entries')
export class EntriesController {
  constructor(
    private readonly entries: EntryRepository,
    private readonly journals: JournalRepository,
    private readonly explanations: ExplanationService,
  ) {}

  /**
   * Why one line of an account's statement is there: order, line, lot, contribution, agreement and each step with input,
   * rate, result and rounding; computed again and compared with what is posted. And as one sentence.
   */
  @Get(':account/:version/explain')
  @ApiOkResponse({ type: EntryExplanationView })
  @ApiNotFoundResponse({ description: 'no such entry, or none of a sale or refund' })
  async explain(
    @Param('account') account: string,
    @Param('version', ParseIntPipe) version: number,
  ): Promise<EntryExplanationView> {
    const entry = await this.entries.find(account, version);
    const journal = entry && (await this.journals.find(entry.journalId));
    if (!journal) throw notFound('Entry', `${account}/${version}`);
    const recomputed = await this.explanations.recompute(journal);
    if (!recomputed) throw notFound('Explanation', `${account}/${version}`);
    const { kind, postedOn, occurredAt, sourceReference } = journal;
    return { entry: { ...entry, kind, postedOn, occurredAt, sourceReference }, ...explainEntry(entry, recomputed) };
  }
}
