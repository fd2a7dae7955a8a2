import { Body, Controller, Get, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import {
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { By, Public, row } from '#libs/access';
import { notFound, TakesUpTo } from '#libs/http';
import { templateOf, templateTypes } from '#libs/tables';
import { Allow } from '../policy.ts';
import { tables } from './catalogue-files.ts';
import { ImportDto, ImportResultView } from './import.dto.ts';
import { ImportService } from './import.service.ts';

@ApiTags('import')
@Controller('v1/imports')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  /** All files or nothing; the same content again changes nothing. */
  @Allow('catalogue.import', row)
  @TakesUpTo(268_435_456, 600) // a catalogue of a whole programme, over a slow line
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: ImportResultView })
  @ApiUnprocessableEntityResponse({ description: 'Nothing was imported; `errors` names every file, row and column.' })
  async import(@By() by: string, @Body() { files, dryRun }: ImportDto): Promise<ImportResultView> {
    return { dryRun, ...(await this.imports.import(files, { dryRun, by })) };
  }

  /** A file to be filled in, `lots.csv` or `lots.xlsx`: it says what its columns hold, and can be imported as it is. */
  @Public()
  @Get('templates/:file')
  @ApiProduces(...templateTypes)
  @ApiOkResponse({ description: 'the file' })
  @ApiNotFoundResponse({ description: 'no such file' })
  async template(@Param('file') file: string): Promise<StreamableFile> {
    const template = await templateOf(file, tables);
    if (!template) throw notFound('Template', file);
    return new StreamableFile(template.bytes, { type: template.type, disposition: `attachment; filename="${file}"` });
  }
}
