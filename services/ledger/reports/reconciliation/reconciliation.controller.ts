import { Controller, Get, Param } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { notFound } from '#libs/http';
import { Allow } from '../../policy.ts';
import { ComparisonView, SubjectParameters } from './reconciliation.dto.ts';
import { ReconciliationRepository } from './reconciliation.repository.ts';

/** One subject of the report `reconciliation`, opened. */
@ApiTags('reports')
@Controller('v1/reconciliation')
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationRepository) {}

  /** What orders and payments said of it, and what is posted about it. */
  @Allow('reconciliation.read')
  @Get(':subject/:reference')
  @ApiOkResponse({ type: ComparisonView })
  @ApiNotFoundResponse({ description: 'nobody has ever mentioned it' })
  async get(@Param() { subject, reference }: SubjectParameters): Promise<ComparisonView> {
    const [records, journals] = [
      await this.reconciliation.find(subject, reference),
      await this.reconciliation.journals(subject, reference),
    ];
    if (records.length + journals.length === 0) throw notFound('Subject', `${subject} ${reference}`);
    return { subject, reference, records, journals };
  }
}
