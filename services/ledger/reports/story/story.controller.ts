import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PersonalReadRepository, param, ReadBy, type Reader, row, TellsOfMakers } from '#libs/access';
import { StoredText } from '#libs/contracts';
import { notFound, PathValue } from '#libs/http';
import { Allow } from '../../policy.ts';
import { StoryQuery, StoryView } from './story.dto.ts';
import { StoryService } from './story.service.ts';

@ApiTags('makers')
@Controller('v1/makers')
export class StoryController {
  constructor(
    private readonly stories: StoryService,
    private readonly reads: PersonalReadRepository,
  ) {}

  /** What moved a maker's money in a month, each line in plain words, and what is owed now. */
  @Allow('maker.read', row, param('makerId'))
  @Get(':makerId/story')
  @TellsOfMakers({ own: true })
  @ApiOkResponse({ type: StoryView })
  @ApiNotFoundResponse({ description: 'no journal has moved an account of this maker' })
  async tell(
    @PathValue('makerId', StoredText) makerId: string,
    @Query() { month }: StoryQuery,
    @ReadBy() reader: Reader | undefined,
  ): Promise<StoryView> {
    const story = await this.stories.tell(makerId, month);
    if (!story) throw notFound('Maker', makerId);
    if (reader) await this.reads.append({ ...reader, makerIds: [makerId] });
    return story;
  }
}
