import { Controller, Get } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { row } from '#libs/access';
import { Uuid } from '#libs/contracts';
import { notFound, PathValue } from '#libs/http';
import { JournalRepository } from '../../books/journals/journal.repository.ts';
import { Allow } from '../../policy.ts';
import { ExplanationService } from '../recompute/explanation.service.ts';
import { ExplanationView } from './explanation.dto.ts';

@ApiTags('journals')
@Controller('v1/journals')
export class ExplanationsController {
  constructor(
    private readonly journals: JournalRepository,
    private readonly explanations: ExplanationService,
  ) {}

  /** Why every rupiah went where it went, computed again and compared with what is posted. */
  @Allow('journal.read', row)
  @Get(':id/explanation')
  @ApiOkResponse({ type: ExplanationView })
  @ApiNotFoundResponse({ description: 'no such journal, or none that shares a sale' })
  async explain(@PathValue('id', Uuid) id: string): Promise<ExplanationView> {
    const journal = await this.journals.find(id);
    if (!journal) throw notFound('Journal', id);
    const explanation = await this.explanations.explain(journal);
    if (!explanation) throw notFound('Explanation', id);
    return explanation;
  }
}
