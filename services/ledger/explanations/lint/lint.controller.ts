import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../policy.ts';
import { LintDto, LintView } from './lint.dto.ts';
import { LintService } from './lint.service.ts';

@ApiTags('agreements')
@Controller('v1/agreements/lint')
export class LintController {
  constructor(private readonly drafts: LintService) {}

  /**
   * Says of a draft, which is not kept, what is wrong with it, and how it would share a sale: one that there might be, or
   * one that is in the books. What it remembers of other sales begins at nothing.
   */
  @Allow('agreement.simulate')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: LintView })
  @ApiNotFoundResponse({ description: 'no such sale is in the books' })
  lint(@Body() draft: LintDto): Promise<LintView> {
    return this.drafts.lint(draft);
  }
}
